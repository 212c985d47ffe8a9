import * as fs from 'node:fs';
import * as path from 'node:path';
import { CfnParameter, Validations } from 'aws-cdk-lib';
import { CfnKey } from 'aws-cdk-lib/aws-kms';
import { assurance, posture } from 'cdk-secure-ai';
import { beforeAll, describe, expect, test } from 'vitest';
import { appWithStack, checksText, synthFailure } from './canaries';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

const schema = JSON.parse(fs.readFileSync(path.join(__dirname, '../../docs/checks.schema.json'), 'utf8')) as Schema;
const resolved = (part: Schema): Schema => (part.$ref ? (schema.$defs?.[part.$ref.replace('#/$defs/', '')] ?? part) : part);

/** Every place in a value with the type found there, for example `packs[].open[].rule: string`. */
function shapeOf(value: unknown, place = ''): string[] {
  if (Array.isArray(value)) return [`${place}: array`, ...value.flatMap((item) => shapeOf(item, `${place}[]`))];
  if (typeof value === 'object' && value !== null) {
    return [`${place}: object`, ...Object.entries(value).flatMap(([key, item]) => shapeOf(item, `${place}.${key}`))];
  }
  return [`${place}: ${Number.isInteger(value) ? 'integer' : typeof value}`];
}

/** The same places as the schema names them. */
function shapeOfSchema(part: Schema, place = ''): string[] {
  const { type, properties = {}, items } = resolved(part);
  return [
    `${place}: ${type}`,
    ...Object.entries(properties).flatMap(([key, property]) => shapeOfSchema(property, `${place}.${key}`)),
    ...(items ? shapeOfSchema(items, `${place}[]`) : []),
  ];
}

function everyPart(part: Schema): Schema[] {
  const { properties = {}, items } = resolved(part);
  return [resolved(part), ...Object.values(properties).flatMap(everyPart), ...(items ? everyPart(items) : [])];
}

describe('the published schema of checks.json', () => {
  let content: Record<string, unknown>;
  beforeAll(() => {
    // One finding of each sort, so that every place of the file is filled.
    const { app, stack, outdir } = appWithStack();
    assurance.ComplianceChecks.addTo(app, { packs: [assurance.CompliancePack.AWS_SOLUTIONS] });
    const unknown = new CfnParameter(stack, 'Rotate').valueAsString as unknown as boolean;
    new CfnKey(stack, 'Thrown', { enableKeyRotation: unknown });
    Validations.of(new CfnKey(stack, 'Accepted', {})).acknowledge({ id: 'AwsSolutions::AwsSolutions-KMS5', reason: 'r' });
    synthFailure(app);
    content = JSON.parse(checksText(outdir)) as Record<string, unknown>;
  });

  test('names exactly the places and types that are written', () => {
    expect([...new Set(shapeOf(content))].sort()).toEqual([...new Set(shapeOfSchema(schema))].sort());
  });

  test('is closed, and requires everything but the version of an own pack', () => {
    const objects = everyPart(schema).filter(({ type }) => type === 'object');
    expect(objects.length).toBeGreaterThan(7);
    for (const { additionalProperties, required = [], properties = {} } of objects) {
      expect(additionalProperties).toBe(false);
      expect(Object.keys(properties).filter((name) => name !== 'version')).toEqual(required);
    }
  });

  test('knows the same words as the library', () => {
    const words = (part: Schema | undefined) => [...(part?.enum ?? [])].sort();
    const { stack, open, acknowledged } = schema.$defs ?? {};
    expect(words(stack.properties?.profiles.items)).toEqual(Object.values(posture.SecurityProfile).sort());
    expect(words(open.properties?.verdict)).toEqual(Object.values(assurance.FindingVerdict).sort());
    expect(words(acknowledged.properties?.verdict)).toEqual(Object.values(assurance.FindingVerdict).sort());
    expect(words(schema.properties?.cloudFormationValidation.properties?.mode)).toEqual(
      Object.values(assurance.CloudFormationValidation).sort(),
    );
    expect(schema.properties?.schemaVersion.const).toBe(content.schemaVersion);
  });
});
