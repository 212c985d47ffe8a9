import type { CommandGroup } from './command';
import type { OptionSpec } from './command-line';

const BUNDLE: OptionSpec = { value: 'FILE', help: 'the signature (default: DIR/model.sig)' };
const IGNORE_PATHS: OptionSpec = {
  value: 'PATH', repeatable: true, help: 'leave this path and all below it out; relative to the model, exact',
};

const TRUST = {
  'key': { value: 'PUBLIC_PEM', help: 'trust this public key' },
  'trust-store': { value: 'FILE', help: 'trust the keys of this store' },
  'cert-chain': { value: 'PEM', repeatable: true, help: 'trust certificates that lead to these' },
} as const satisfies Readonly<Record<string, OptionSpec>>;
const ACCEPTED = {
  'pickle-profile': { value: 'NAME', repeatable: true, help: 'accept these pickle imports too: DATA, NUMPY, TORCH (always), SKLEARN' },
  'pickle-global': { value: '"MODULE NAME"', repeatable: true, help: 'accept this pickle import too, exact' },
  'operator-domain': { value: 'DOMAIN', repeatable: true, help: 'accept ONNX operators of this domain too' },
  'chat-template': { value: 'SHA256', repeatable: true, help: 'accept this chat template, which you reviewed' },
} as const satisfies Readonly<Record<string, OptionSpec>>;

/** Commands about models in local directories, or below a prefix in S3. */
export const MODEL_COMMANDS: CommandGroup = {
  name: 'model',
  summary: 'scan, sign, verify, judge and inspect models',
  commands: [
    {
      name: 'model scan',
      summary: 'say what loading the files would do, without loading them',
      usage: ['PATH [OPTIONS]'],
      options: ACCEPTED,
      exits: { 0: 'every file is SAFE', 1: 'some file is not SAFE', 2: 'wrong usage, or something cannot be read' },
      load: async () => (await import('./model-scan.js')).scanModel,
    },
    {
      name: 'model sign',
      summary: 'sign a directory (OpenSSF Model Signing v1.0)',
      usage: ['DIR --key PEM [OPTIONS]', 'DIR --kms-key ARN [OPTIONS]', 'DIR --cert PEM [--chain PEM …] --key PEM [OPTIONS]'],
      options: {
        key: { value: 'PEM', help: 'private key: P-256, P-384 or P-521' },
        'kms-key': { value: 'ARN', help: 'key in AWS KMS, in place of a private key' },
        cert: { value: 'PEM', help: 'certificate of the key: sign by certificate' },
        chain: { value: 'PEM', repeatable: true, help: 'certificates above it, upwards' },
        bundle: { ...BUNDLE, help: 'where to write the signature (default: DIR/model.sig)' },
        'ignore-paths': IGNORE_PATHS,
        force: { help: 'replace an existing signature' },
      },
      exits: { 0: 'signed', 1: 'refused: the model cannot be signed as it is', 2: 'wrong usage, or something cannot be read or written' },
      load: async () => (await import('./model-sign.js')).signCommand,
    },
    {
      name: 'model verify',
      summary: 'check a model against its signature',
      usage: ['DIR --key PUBLIC_PEM [OPTIONS]', 'DIR --trust-store FILE [OPTIONS]', 'DIR --cert-chain PEM … [OPTIONS]'],
      options: {
        ...TRUST,
        bundle: BUNDLE,
        'ignore-paths': IGNORE_PATHS,
      },
      exits: { 0: 'everything is as signed', 1: 'refused, with code and reason', 2: 'wrong usage, or something cannot be read' },
      load: async () => (await import('./model-verify.js')).verifyCommand,
    },
    {
      name: 'model attest',
      summary: 'sign what is known of a directory, as evidence for the gate',
      usage: [
        'DIR --result JSON --key PEM --output FILE',
        'DIR --provenance JSON --key PEM --output FILE',
        'DIR --clarify JSON --suite NAME --tool NAME --tool-version V --key PEM --output FILE',
      ],
      options: {
        result: { value: 'JSON', help: 'an evaluation result in the neutral format' },
        clarify: { value: 'JSON', help: 'analysis.json of SageMaker Clarify' },
        violations: { value: 'JSON', help: 'constraint_violations.json of a monitor' },
        provenance: { value: 'JSON', help: 'the predicate of an SLSA provenance v1' },
        suite: { value: 'NAME', help: 'what was done, for --clarify and --violations' },
        tool: { value: 'NAME', help: 'what did it' },
        'tool-version': { value: 'VERSION', help: 'in which version' },
        key: { value: 'PEM', help: 'private key: P-256, P-384 or P-521' },
        output: { value: 'FILE', help: 'where to write the evidence, outside the model' },
        'ignore-paths': IGNORE_PATHS,
        force: { help: 'replace an existing file' },
      },
      exits: { 0: 'signed', 1: 'never', 2: 'wrong usage, or something cannot be read or written' },
      load: async () => (await import('./model-attest.js')).attestCommand,
    },
    {
      name: 'model gate',
      summary: 'judge a directory and its evidence by a policy',
      usage: ['DIR --policy JSON --key PUBLIC_PEM --provenance FILE --result FILE … [OPTIONS]'],
      options: {
        policy: { value: 'JSON', help: 'what the model must satisfy' },
        provenance: { value: 'FILE', help: 'signed provenance of the model' },
        result: { value: 'FILE', repeatable: true, help: 'signed evaluation result of the model' },
        ...TRUST,
        'evidence-key': { value: 'PUBLIC_PEM', help: 'trust this key for provenance and results (default: as for the model)' },
        bundle: BUNDLE,
        'ignore-paths': IGNORE_PATHS,
        ...ACCEPTED,
      },
      exits: { 0: 'the model passes', 1: 'the model fails, with every reason', 2: 'wrong usage, or something cannot be read' },
      load: async () => (await import('./model-gate.js')).gateCommand,
    },
    {
      name: 'model bom',
      summary: 'write the bill of materials of a directory (CycloneDX 1.6)',
      usage: ['DIR [OPTIONS]', 'DIR --output FILE --key PEM [OPTIONS]'],
      options: {
        output: { value: 'FILE', help: 'where to write it (default: standard output)' },
        key: { value: 'PEM', help: 'private key: write it signed, as an in-toto statement' },
        name: { value: 'NAME', help: 'name of the model (default: name of the directory)' },
        'model-version': { value: 'VERSION', help: 'version of the model (default: start of the root digest)' },
        license: { value: 'SPDX', help: 'licence of the model, as an SPDX expression' },
        'ignore-paths': IGNORE_PATHS,
        force: { help: 'replace an existing file' },
      },
      exits: { 0: 'written', 1: 'never', 2: 'wrong usage, or something cannot be read or written' },
      load: async () => (await import('./model-bom.js')).bomCommand,
    },
    {
      name: 'model inspect',
      summary: 'list what is in a model or a signature, without a verdict',
      usage: ['PATH [OPTIONS]'],
      options: {},
      exits: { 0: 'listed', 1: 'never', 2: 'wrong usage, or something cannot be read' },
      load: async () => (await import('./model-inspect.js')).inspectCommand,
    },
  ],
};
