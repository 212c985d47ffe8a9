/** A kind of secret that its text gives away. */
interface KeyFormat {
  readonly kind: string;
  /** What every text of the format has somewhere. */
  readonly mark: RegExp;
  /** Linear in the length of the text: no repetition stands inside another. */
  readonly pattern: RegExp;
}

/** Formats of keys that their issuers mark, so that a match is no accident. */
const FORMATS: readonly KeyFormat[] = [
  { kind: 'a private key', mark: /-----BEGIN/, pattern: /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY-----/ },
  { kind: 'an AWS access key', mark: /AKIA|ASIA/, pattern: /(?<![A-Za-z0-9/+])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9/+=])/ },
  { kind: 'an Amazon Bedrock API key', mark: /ABSK/, pattern: /(?<![A-Za-z0-9])ABSK[A-Za-z0-9+/]{100,}/ },
  { kind: 'a GitHub token', mark: /gh[pousr]_|github_pat_/, pattern: /(?<![A-Za-z0-9_])(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{50,255})/ },
  { kind: 'a GitLab token', mark: /glpat-/, pattern: /(?<![A-Za-z0-9_])glpat-[A-Za-z0-9_-]{20,}/ },
  { kind: 'a Hugging Face token', mark: /hf_/, pattern: /(?<![A-Za-z0-9_])hf_[A-Za-z0-9]{30,}/ },
  { kind: 'an Anthropic key', mark: /sk-ant-/, pattern: /(?<![A-Za-z0-9_-])sk-ant-[a-z0-9]{2,10}-[A-Za-z0-9_-]{20,}/ },
  {
    kind: 'an OpenAI key',
    mark: /sk-/,
    pattern: /(?<![A-Za-z0-9_-])sk-(?:proj-|svcacct-|admin-|None-)?(?=[A-Za-z_-]{0,200}\d)(?=[a-z0-9_-]{0,200}[A-Z])[A-Za-z0-9_-]{32,}/,
  },
  { kind: 'a Slack token', mark: /xox/, pattern: /(?<![A-Za-z0-9_])xox[abeprs]-\d[A-Za-z0-9-]{20,}/ },
  { kind: 'a Slack webhook', mark: /hooks\.slack/, pattern: /https:\/\/hooks\.slack\.com\/(?:services|workflows)\/[A-Za-z0-9_]{8,}\/[A-Za-z0-9_/]{8,}/ },
  { kind: 'a Google API key', mark: /AIza/, pattern: /(?<![A-Za-z0-9_-])AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/ },
  { kind: 'a Stripe key', mark: /[rs]k_live_/, pattern: /(?<![A-Za-z0-9_])[rs]k_live_[A-Za-z0-9]{20,}/ },
  { kind: 'an npm token', mark: /npm_/, pattern: /(?<![A-Za-z0-9_])npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/ },
  { kind: 'a PyPI token', mark: /pypi-/, pattern: /(?<![A-Za-z0-9_])pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{40,}/ },
  { kind: 'a Databricks token', mark: /dapi/, pattern: /(?<![A-Za-z0-9])dapi[0-9a-f]{32}(?![0-9a-f])/ },
  { kind: 'an NVIDIA key', mark: /nvapi-/, pattern: /(?<![A-Za-z0-9_])nvapi-[A-Za-z0-9_-]{60,}/ },
  { kind: 'a Groq key', mark: /gsk_/, pattern: /(?<![A-Za-z0-9_])gsk_[A-Za-z0-9]{48,}/ },
  { kind: 'a Replicate token', mark: /r8_/, pattern: /(?<![A-Za-z0-9_])r8_[A-Za-z0-9]{37}(?![A-Za-z0-9])/ },
  { kind: 'a LangSmith key', mark: /lsv2_/, pattern: /(?<![A-Za-z0-9_])lsv2_[a-z]{2}_[0-9a-f]{32}/ },
  { kind: 'a SendGrid key', mark: /SG\./, pattern: /(?<![A-Za-z0-9_])SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}/ },
  { kind: 'a signed token (JWT)', mark: /eyJ/, pattern: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{16,}/ },
  {
    kind: 'a password in an address',
    mark: /:\/\//,
    pattern: /[a-z][a-z0-9+.-]{1,30}:\/\/[^\s:/@'"<>{}$*]{1,100}:(?![*x.]{3,})[^\s:/@'"<>{}$]{6,200}@[A-Za-z0-9]/i,
  },
];

/** The marks of all formats: one pass leaves out nearly every text. */
const MARKS = new RegExp(FORMATS.map(({ mark }) => mark.source).join('|'));

/** Keys that documentation prints. */
const PRINTED = /EXAMPLE|example|eyJzdWIiOiIxMjM0NTY3ODkwIi|:(?:password|passwd|pass|secret|changeme)@|0{12}|x{12}|X{12}|1234567890abcdef/;

/** The kind of key that a text holds, or undefined: never the key itself. */
export function knownKeyIn(text: string): string | undefined {
  if (!MARKS.test(text)) return undefined;
  for (const { kind, pattern } of FORMATS) {
    const found = pattern.exec(text);
    if (found !== null && !PRINTED.test(found[0])) return kind;
  }
  return undefined;
}
