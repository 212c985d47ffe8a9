import { describe, expect, test } from 'vitest';
import { Prover } from '../../../lib/assurance/prover';
import { JudgedApp } from '../../../lib/assurance/rules/judged-app';
import { TemplateModel } from '../../../lib/assurance/template';

type Json = Record<string, unknown>;

const policy = { Version: '2012-10-17', Statement: [{ Sid: 'Everything', Effect: 'Allow', Action: 's3:*', Resource: '*' }] };
const resource = (type: string, Properties: Json, more: Json = {}): Json => ({ Type: `AWS::IAM::${type}`, Properties, ...more });
const trust = { Version: '2012-10-17', Statement: [] };
const role = (more: Json = {}): Json => resource('Role', { AssumeRolePolicyDocument: trust, ...more });
const ref = (Ref: string): Json => ({ Ref });
const either = (yes: unknown, no: unknown): Json => ({ 'Fn::If': ['Open', yes, no] });
const NOTHING = ref('AWS::NoValue');

function modelOf(resources: Json): TemplateModel {
  const template = {
    Parameters: { Where: { Type: 'String' }, Name: { Type: 'String' } },
    Conditions: { Open: { 'Fn::Equals': [ref('Where'), 'here'] } },
    Resources: resources,
  };
  return TemplateModel.of([{ stackName: 'app', template: JSON.parse(JSON.stringify(template)) as unknown, account: '111122223333', region: 'eu-west-1' }]);
}

/** What the rules and the prover know of one holder: its statements, and whether each is sure. */
function engines(resources: Json, holder = 'Holder') {
  const model = modelOf(resources);
  const found = model.resource(`app/${holder}`);
  const principal = Prover.of(model).estate.principals.find(({ id }) => id === holder);
  if (found === undefined || principal === undefined) throw new Error('no holder');
  const rules = new JudgedApp(model).statementsOfHolder(found).map(({ statement }) => `${statement.sid} ${statement.presence}`);
  const proved = (principal.identity ?? []).flatMap(({ statements }) =>
    statements.map(({ label, maybe }) => `${label.split('#')[1]} ${maybe ? 'MAYBE' : 'YES'}`),
  );
  return { rules, proved, external: principal.externalPolicies };
}

const SURE = { rules: ['Everything YES'], proved: ['Everything YES'], external: [] };
const PERHAPS = { rules: ['Everything MAYBE'], proved: ['Everything MAYBE'], external: [] };
const user = (more: Json = {}): Json => resource('User', more);
const member = user({ Groups: [ref('Team')] });

describe('both engines find the same statements of', () => {
  test.each<[string, Json]>([
    ['a policy in the role', { Holder: role({ Policies: [{ PolicyName: 'own', PolicyDocument: policy }] }) }],
    ['a policy for several roles', { Holder: role(), P: resource('Policy', { PolicyName: 'p', PolicyDocument: policy, Roles: [ref('Holder')] }) }],
    ['a policy for one role', { Holder: role(), P: resource('RolePolicy', { PolicyName: 'p', PolicyDocument: policy, RoleName: ref('Holder') }) }],
    ['a policy for a role by name', { Holder: role({ RoleName: 'h' }), P: resource('RolePolicy', { PolicyName: 'p', PolicyDocument: policy, RoleName: 'h' }) }],
    ['a policy for a role whose name is a parameter', {
      Holder: role({ RoleName: ref('Name') }), P: resource('RolePolicy', { PolicyName: 'p', PolicyDocument: policy, RoleName: ref('Holder') }),
    }],
    ['a managed policy that the role lists', { Holder: role({ ManagedPolicyArns: [ref('P')] }), P: resource('ManagedPolicy', { PolicyDocument: policy }) }],
    ['a managed policy that lists the role', { Holder: role(), P: resource('ManagedPolicy', { PolicyDocument: policy, Roles: [ref('Holder')] }) }],
    ['a managed policy that both list', {
      Holder: role({ ManagedPolicyArns: ['arn:aws:iam::111122223333:policy/p'] }),
      P: resource('ManagedPolicy', { ManagedPolicyName: 'p', PolicyDocument: policy, Roles: [either(ref('Holder'), NOTHING)] }),
    }],
    ['a policy in the user', { Holder: user({ Policies: [{ PolicyName: 'own', PolicyDocument: policy }] }) }],
    ['a policy for several users', { Holder: user(), P: resource('Policy', { PolicyName: 'p', PolicyDocument: policy, Users: [ref('Holder')] }) }],
    ['a policy for one user', { Holder: user(), P: resource('UserPolicy', { PolicyName: 'p', PolicyDocument: policy, UserName: ref('Holder') }) }],
    ['a managed policy that lists the user', { Holder: user(), P: resource('ManagedPolicy', { PolicyDocument: policy, Users: [ref('Holder')] }) }],
    ['a group that the user names', { Holder: member, Team: resource('Group', { Policies: [{ PolicyName: 'own', PolicyDocument: policy }] }) }],
    ['a group that takes the user in', {
      Holder: user(),
      Team: resource('Group', { Policies: [{ PolicyName: 'own', PolicyDocument: policy }] }),
      In: resource('UserToGroupAddition', { GroupName: ref('Team'), Users: [ref('Holder')] }),
    }],
    ['a policy for a group', { Holder: member, Team: resource('Group', {}), P: resource('Policy', { PolicyName: 'p', PolicyDocument: policy, Groups: [ref('Team')] }) }],
    ['a policy for one group', {
      Holder: member, Team: resource('Group', {}), P: resource('GroupPolicy', { PolicyName: 'p', PolicyDocument: policy, GroupName: ref('Team') }),
    }],
    ['a managed policy of a group', { Holder: member, Team: resource('Group', { ManagedPolicyArns: [ref('P')] }), P: resource('ManagedPolicy', { PolicyDocument: policy }) }],
  ])('%s', (_name, resources) => {
    expect(engines(resources)).toEqual(SURE);
  });
});

describe('both engines know that it is not decided about', () => {
  test.each<[string, Json]>([
    ['one of two roles', { Holder: role(), Other: role(), P: resource('Policy', { PolicyDocument: policy, Roles: [either(ref('Holder'), ref('Other'))] }) }],
    ['the other of two roles', { Holder: role(), Other: role(), P: resource('Policy', { PolicyDocument: policy, Roles: [either(ref('Other'), ref('Holder'))] }) }],
    ['a list of roles that is chosen', { Holder: role(), P: resource('Policy', { PolicyDocument: policy, Roles: either([ref('Holder')], NOTHING) }) }],
    ['the role of a policy for one', { Holder: role(), Other: role(), P: resource('RolePolicy', { PolicyDocument: policy, RoleName: either(ref('Holder'), ref('Other')) }) }],
    ['a managed policy that may be listed', { Holder: role({ ManagedPolicyArns: [either(ref('P'), NOTHING)] }), P: resource('ManagedPolicy', { PolicyDocument: policy }) }],
    ['a group that the user may be in', {
      Holder: user({ Groups: [either(ref('Team'), NOTHING)] }), Team: resource('Group', { Policies: [{ PolicyName: 'own', PolicyDocument: policy }] }),
    }],
  ])('%s', (_name, resources) => {
    expect(engines(resources)).toEqual(PERHAPS);
  });
});

describe('the prover takes for unknown what it cannot find, and never for nothing:', () => {
  test.each<[string, Json, RegExp]>([
    ['a policy for a role by a parameter', { Holder: role(), P: resource('RolePolicy', { PolicyDocument: policy, RoleName: ref('Name') }) }, /only the deployment decides/],
    ['a policy for roles by a parameter', { Holder: role(), P: resource('Policy', { PolicyDocument: policy, Roles: [ref('Name')] }) }, /only the deployment decides/],
    ['a name that may be that of the role', {
      Holder: role({ RoleName: ref('Name') }), P: resource('Policy', { PolicyDocument: policy, Roles: ['somebody'] }),
    }, /only the deployment decides/],
    ['a managed policy of others', { Holder: role({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }) }, /AdministratorAccess/],
    ['a managed policy by a parameter', { Holder: role({ ManagedPolicyArns: [ref('Name')] }) }, /Name/],
    ['a managed policy that is one of two', {
      Holder: role({ ManagedPolicyArns: [either(ref('P'), 'arn:aws:iam::aws:policy/AdministratorAccess')] }),
      P: resource('ManagedPolicy', { PolicyDocument: policy }),
    }, /AdministratorAccess/],
    ['a group of others', { Holder: user({ Groups: ['team'] }) }, /group team/],
    ['a group of others that takes the user in', { Holder: user(), In: resource('UserToGroupAddition', { GroupName: 'team', Users: [ref('Holder')] }) }, /group team/],
    ['a group that takes in whom a parameter names', {
      Holder: user(), Team: resource('Group', {}), In: resource('UserToGroupAddition', { GroupName: ref('Team'), Users: [ref('Name')] }),
    }, /users of a group/],
    ['a managed policy of others, by a group', { Holder: member, Team: resource('Group', { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }) }, /Administrator/],
  ])('%s', (_name, resources, reason) => {
    expect(engines(resources).external).toEqual([expect.stringMatching(reason)]);
    const { verdict } = Prover.of(modelOf(resources)).prove({ id: 'X', title: 'x', action: ['kms:Sign'], principals: { types: ['ROLE', 'USER'] } });
    expect(verdict).toBe('UNDETERMINED');
  });
});

test('a role that is not named has nothing', () => {
  const resources = { Holder: role(), Other: role(), P: resource('RolePolicy', { PolicyDocument: policy, RoleName: ref('Other') }) };
  expect(engines(resources)).toEqual({ rules: [], proved: [], external: [] });
});
