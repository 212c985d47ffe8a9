import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { SecurityPosture, WeakerChoice } from 'cdk-secure-ai/posture';
import { describe, expect, test } from 'vitest';

const VALID = { reason: 'the vendor portal needs links', owner: 'platform-security', expires: '2027-03-31' };

function stackWith(choice: WeakerChoice, evaluationDate: string): Stack {
  const app = new App();
  SecurityPosture.attach(app, { perimeter: { presignedUrls: choice }, evaluationDate });
  const stack = new Stack(app, 'Stack', { env: { region: 'eu-central-1' } });
  SecurityPosture.of(stack);
  return stack;
}

describe('a weaker choice', () => {
  test.each([
    ['an empty reason', { ...VALID, reason: ' ' }, 'a weaker choice needs its reason, got an empty string'],
    ['an empty owner', { ...VALID, owner: '' }, 'a weaker choice needs its owner'],
    ['a day that does not exist', { ...VALID, expires: '2027-02-31' }, "needs a real day as YYYY-MM-DD for expires, got '2027-02-31'"],
    ['another date format', { ...VALID, expires: '31.03.2027' }, "for expires, got '31.03.2027'"],
    ['a bad start', { ...VALID, since: 'yesterday' }, "for since, got 'yesterday'"],
  ])('fails with %s', (_, props, message) => {
    expect(() => WeakerChoice.of(props)).toThrow(message);
  });

  test('is recorded in the cloud assembly with everything that the report shows', () => {
    const stack = stackWith(WeakerChoice.of({ ...VALID, since: '2026-10-01' }), '2026-11-24');
    expect(stack.node.metadata).toContainEqual(expect.objectContaining({
      type: WeakerChoice.METADATA_KEY,
      data: { setting: 'posture.perimeter.presignedUrls', since: '2026-10-01', ...VALID },
    }));
  });

  test.each([
    ['31 days before its last day', '2027-02-28', 0, 0],
    ['30 days before its last day', '2027-03-01', 1, 0],
    ['on its last day', '2027-03-31', 1, 0],
    ['one day after its last day', '2027-04-01', 0, 1],
  ])('%s gives the right annotation', (_, today, warnings, errors) => {
    const annotations = Annotations.fromStack(stackWith(WeakerChoice.of(VALID), today));
    const about = Match.stringLikeRegexp('weaker choice for posture.perimeter.presignedUrls');
    expect(annotations.findWarning('*', about)).toHaveLength(warnings);
    expect(annotations.findError('*', about)).toHaveLength(errors);
  });

  test('does not throw when it has expired, so that the app can still be destroyed', () => {
    const stack = stackWith(WeakerChoice.of(VALID), '2028-01-01');
    expect(() => (stack.node.root as App).synth()).not.toThrow();
  });
});
