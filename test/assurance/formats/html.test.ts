import { createHash } from 'node:crypto';
import { App, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../../lib/assurance/evidence/evidence';
import { gatherEvidence } from '../../../lib/assurance/evidence/gather-evidence';
import { htmlOf } from '../../../lib/assurance/formats/html';
import { html } from '../../../lib/assurance/formats/html/escape';
import { RULE_PACK } from '../../../lib/assurance/rules/rule-pack';
import { TemplateModel } from '../../../lib/assurance/template';
import { ConstructMetadata, readAssembly } from '../../../lib/assurance/template-source';

function evidenceOf(build: (stack: Stack) => void): Evidence {
  const app = new App();
  build(new Stack(app, 'Stack', { env: { account: '111111111111', region: 'eu-central-1' } }));
  const { directory } = app.synth();
  return gatherEvidence({
    model: TemplateModel.of(readAssembly(directory)), metadata: ConstructMetadata.read(directory), rules: RULE_PACK, proofs: [], version: '1.2.3',
  });
}

const evidence = evidenceOf((stack) => {
  new CfnModel(stack, 'Open', { executionRoleArn: 'arn:aws:iam::111111111111:role/x' });
  const bucket = new Bucket(stack, 'Data');
  const handler = new LambdaFunction(stack, 'Reader', { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('exports.handler = 1') });
  bucket.grantRead(handler);
});

describe('the HTML report', () => {
  const report = htmlOf(evidence, { subject: 'fraud' });

  test('asks nothing of the network', () => {
    expect(report).toContain("default-src 'none'");
    expect(report.match(/\b(src|href)="(?!#)[^"]*"/g)).toBeNull();
    expect(report).not.toMatch(/@import|url\((?!#)/);
  });

  test('has every section, every control and the open finding', () => {
    for (const { id } of evidence.controls) expect(report).toContain(`>${id}</div>`);
    expect(report).toContain('AISec-SM01');
    for (const anchor of report.matchAll(/href="#([a-z]+)"/g)) expect(report).toContain(`id="${anchor[1]}"`);
  });

  test('draws the workload, the store and the flow between them', () => {
    expect(report).toMatch(/<title>Reader AWS::Lambda::Function<\/title>/);
    expect(report).toMatch(/<title>Data AWS::S3::Bucket<\/title>/);
    expect(report.match(/class="edge"/g)).toHaveLength(1);
    expect(evidence.dataFlow.edges).toEqual([expect.objectContaining({ how: 'READS' })]);
  });

  test('has a label on each field, and a scope on each column head', () => {
    for (const [field] of report.matchAll(/<(input|select)\b[^>]*>/g)) expect(field).toContain('aria-label=');
    expect(report.match(/<th\b(?![^>]*scope="col")/g)).toBeNull();
    expect(report).toContain('<html lang="en">');
  });

  test('has the same bytes for the same evidence', () => {
    expect(htmlOf(evidence, { subject: 'fraud' })).toBe(report);
  });
});

describe('text of strangers', () => {
  const BIDI = '\u202e\u2066\u200f\u200e\u061c';
  const HOSTILE = `</script><script>alert(1)</script>"><img src=x onerror=alert(1)>' onload='alert(1)${BIDI}</title></style></svg><!--`;
  const [control] = evidence.controls.filter(({ rules }) => rules.length > 0);
  const [finding] = evidence.findings;
  const full: Evidence = {
    ...evidence,
    evaluationDate: '2026-01-01',
    postures: [{ at: 'Stack', data: { profile: 'REGULATED' } }],
    controls: [
      { ...control, declaredBy: ['Stack/Model'], proofs: ['P1'], mappings: [{ framework: 'F', id: 'F1', verified: false }] },
    ],
    findings: [finding],
    acknowledged: [{ ...finding, constructPath: 'Stack/Open', reason: 'kept', acknowledgedAt: 'Stack' }],
    packs: [{ name: 'Pack', version: '1', completed: true, rules: 1, evaluations: 1, open: 0, acknowledged: 1 }],
    packAcknowledgements: [{ pack: 'Pack', rule: 'R', classId: 'C', kind: 'ACCEPTED', reason: 'kept', resources: ['Stack/R'] }],
    weakerChoices: [{ at: 'Stack', setting: 's', reason: 'r', owner: 'o', since: '2026-01-01', expires: '2026-02-01', daysLeft: 31, ageDays: 0 }],
    proofs: [{ id: 'P1', title: 'No way', controls: [control.id], verdict: 'PROVED', layers: ['L'], details: ['D'], assumptions: ['A'] }],
    inventory: [{ resource: 'Stack/Data', type: 'AWS::S3::Bucket', constructPath: 'Stack/Data', dataClass: 'SECRET', account: '1', region: 'r', keys: ['Stack/Key'] }],
    access: [{ principal: 'Stack/Role', constructPath: 'Stack/Role', grants: [{ actions: ['s3:GetObject'], resources: ['*'], conditions: ['aws:SourceVpce'] }], boundary: true }],
    dataFlow: {
      zones: [{ id: 'account', label: 'Account' }, { id: 'vpc', label: 'Vpc', parent: 'account' }],
      nodes: [
        { id: 'a', label: 'Reader', kind: 'WORKLOAD', type: 'AWS::Lambda::Function', zone: 'vpc' },
        { id: 'b', label: 'Data', kind: 'STORE', type: 'AWS::S3::Bucket', zone: 'account' },
      ],
      edges: [{ from: 'a', to: 'b', how: 'READS' }],
    },
    gaps: ['gap'],
    assumptions: ['assumption'],
  };
  /** The report with a text before every text of the evidence: the same in the same places, so that references still lead somewhere. */
  const reportWith = (text: string): string => htmlOf(before(text, full) as Evidence, { subject: `${text}fraud` });
  const before = (text: string, value: unknown): unknown => {
    if (typeof value === 'string') return text + value;
    if (Array.isArray(value)) return value.map((item) => before(text, item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, before(text, item)]));
  };
  /** Tags with the names of their attributes: what the browser makes of the file. */
  const tagsOf = (report: string): readonly string[] => report.replace(/="[^"]*"/g, '=').match(/<[^>]*>/g) ?? [];
  const hostile = reportWith(HOSTILE);

  test('becomes no markup, wherever the evidence carries it', () => {
    expect(tagsOf(hostile)).toEqual(tagsOf(reportWith('x'.repeat(HOSTILE.length))));
    expect(tagsOf(hostile).length).toBeGreaterThan(150);
    expect(hostile).not.toMatch(/<img|<!--|<\/style>[^<]|<script>alert/);
    expect(hostile.match(/<\/?script/g)).toHaveLength(2);
  });

  test('stands in every section as text', () => {
    const sections = [...hostile.matchAll(/<section id="(\w+)"[^>]*>(.*?)<\/section>/gs)];
    expect(sections).toHaveLength(10);
    for (const [, id, body] of sections) expect(body, id).toContain('&lt;/script&gt;');
    expect(hostile).toMatch(/<title>[^<]*&lt;\/script&gt;/);
    expect(hostile).toMatch(/<h1>[^<]*&lt;\/script&gt;/);
  });

  test('turns no direction of writing', () => {
    for (const control of BIDI) expect(hostile).not.toContain(control);
  });

  test('would not run if it were markup: the policy knows the one script by its hash', () => {
    const [, script] = /<script>(.*)<\/script>/s.exec(hostile) ?? [];
    const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(hostile) ?? [];
    const hash = createHash('sha256').update(script).digest('base64');
    expect(policy?.split(';').find((one) => one.startsWith('script-src'))).toBe(`script-src 'sha256-${hash}'`);
  });
});

test('escapes values of every kind, and leaves markup of its own alone', () => {
  expect(html`<b a="${'"\u202e'}">${1}${undefined}${[html`<i>${'<'}</i>`]}</b>`.text).toBe('<b a="&quot;\ufffd">1<i>&lt;</i></b>');
});
