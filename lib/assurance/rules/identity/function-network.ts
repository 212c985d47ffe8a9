import { listOf, textParts } from '../../template';
import { any } from '../answer';
import { judged } from '../judgement';
import { ofAiApp } from '../of-ai-app';
import type { Rule } from '../rule';
import { coversAction, testsOn } from '../statement-match';

/** The policies of AWS that let functions into a network. */
const BY_SERVICE = /AWSLambda(VPCAccessExecution|ENIManagement)/;
const CREATE = 'ec2:CreateNetworkInterface';

/** `AISec-IAM39`. */
export const functionMakesNoInterfaces: Rule = {
  id: 'AISec-IAM39',
  name: 'FunctionMakesNoInterfaces',
  title: 'The code of a function in the network of an AI workload cannot make network interfaces',
  severity: 'LOW',
  controls: ['RT1', 'P1'],
  threats: ['AML.T0025', 'AML.T0049'],
  why: 'The service needs the permission to attach the function, and the code inherits it: with it the code goes into any subnet of the account.',
  remedy: 'Add a Deny of the ec2 actions where lambda:SourceFunctionArn is there: it is for calls of the code, not for those of the service.',
  example:
    "new iam.PolicyStatement({ effect: iam.Effect.DENY, actions: ['ec2:CreateNetworkInterface'], resources: ['*'], conditions: { Null: { 'lambda:SourceFunctionArn': 'false' } } });",
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html',
  types: ['AWS::IAM::Role'],
  check: ofAiApp(({ app, resource }) => {
    const inNetwork = app.naming(resource, 'AWS::Lambda::Function', 'Role').some((fn) => fn.at('VpcConfig') !== undefined);
    if (!inNetwork) return undefined;
    const sites = app.statementsOfHolder(resource).map(({ statement }) => statement);
    const allowed = sites.some((statement) => statement.effect === 'Allow' && coversAction(statement, CREATE) !== 'NO');
    const byService = listOf(resource.at('ManagedPolicyArns')).some((arn) => BY_SERVICE.test((textParts(arn) ?? []).join('')));
    if (!allowed && !byService) return undefined;
    const refused = any(
      sites
        .filter((statement) => statement.effect === 'Deny' && testsOn(statement, 'lambda:SourceFunctionArn').length > 0)
        .map((statement) => (statement.presence === 'MAYBE' ? 'UNKNOWN' : coversAction(statement, CREATE))),
    );
    return judged(refused, 'code of the function makes network interfaces in any subnet');
  }),
};
