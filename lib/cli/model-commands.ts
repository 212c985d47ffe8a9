import type { CommandGroup } from './command';
import type { OptionSpec } from './command-line';

const BUNDLE: OptionSpec = { value: 'FILE', help: 'the signature (default: DIR/model.sig)' };
const IGNORE_PATHS: OptionSpec = {
  value: 'PATH', repeatable: true, help: 'leave this path and all below it out; relative to the model, exact',
};

/** Commands about models in local directories. */
export const MODEL_COMMANDS: CommandGroup = {
  name: 'model',
  summary: 'scan, sign, verify and inspect models',
  commands: [
    {
      name: 'model scan',
      summary: 'say what loading the files would do, without loading them',
      usage: ['PATH [OPTIONS]'],
      options: {
        'pickle-profile': { value: 'NAME', repeatable: true, help: 'accept these pickle imports too: DATA, NUMPY, TORCH (always), SKLEARN' },
        'pickle-global': { value: '"MODULE NAME"', repeatable: true, help: 'accept this pickle import too, exact' },
        'operator-domain': { value: 'DOMAIN', repeatable: true, help: 'accept ONNX operators of this domain too' },
        'chat-template': { value: 'SHA256', repeatable: true, help: 'accept this chat template, which you reviewed' },
      },
      exits: { 0: 'every file is SAFE', 1: 'some file is not SAFE', 2: 'wrong usage, or something cannot be read' },
      load: async () => (await import('./model-scan.js')).scanModel,
    },
    {
      name: 'model sign',
      summary: 'sign a directory (OpenSSF Model Signing v1.0)',
      usage: ['DIR --key PEM [OPTIONS]', 'DIR --cert PEM [--chain PEM …] --key PEM [OPTIONS]'],
      options: {
        key: { value: 'PEM', help: 'private key: P-256, P-384 or P-521' },
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
        key: { value: 'PUBLIC_PEM', help: 'trust this public key' },
        'trust-store': { value: 'FILE', help: 'trust the keys of this store' },
        'cert-chain': { value: 'PEM', repeatable: true, help: 'trust certificates that lead to these' },
        bundle: BUNDLE,
        'ignore-paths': IGNORE_PATHS,
      },
      exits: { 0: 'everything is as signed', 1: 'refused, with code and reason', 2: 'wrong usage, or something cannot be read' },
      load: async () => (await import('./model-verify.js')).verifyCommand,
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
