import type { Resource } from '../../template';
import { any, not } from '../answer';
import type { JudgedApp } from '../judged-app';
import type { Judgement } from '../judgement';
import { judged, undetermined } from '../judgement';
import { ofAiApp } from '../of-ai-app';
import { refusesToAll, WITHOUT_TLS } from '../refusal';
import type { ReadPolicy } from '../resource-policy';
import { isForService, judgeAllows, SOURCE, WHO } from '../resource-policy';
import type { Rule } from '../rule';
import { coversAnyAction, demandsLike, isForAnybody } from '../statement-match';
import type { Subject } from '../subject';

const POLICIES = ['AWS::SQS::QueuePolicy', 'AWS::SQS::QueueInlinePolicy', 'AWS::SNS::TopicPolicy', 'AWS::SNS::TopicInlinePolicy'];
const MANAGES = ['sqs:SetQueueAttributes', 'sqs:AddPermission', 'sqs:DeleteQueue', 'sqs:ReceiveMessage', 'sns:SetTopicAttributes', 'sns:AddPermission', 'sns:DeleteTopic'];

/** `AISec-DP51`. */
export const messagesRefusePlainHttp: Rule = {
  id: 'AISec-DP51',
  name: 'MessagesRefusePlainHttp',
  title: 'Queues and topics of an app with an AI workload refuse requests without TLS',
  severity: 'LOW',
  controls: ['DP2a'],
  threats: ['AML.T0035'],
  why: 'Messages of failed calls hold what was sent to the model; without TLS they are read on the way.',
  remedy: 'Add a Deny for everybody where aws:SecureTransport is false.',
  example: "new sqs.Queue(this, 'DeadLetters', { enforceSSL: true });",
  source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html',
  types: ['AWS::SQS::Queue', 'AWS::SNS::Topic'],
  check: ofAiApp(({ app, resource }) => {
    const action = resource.type === 'AWS::SQS::Queue' ? 'sqs:SendMessage' : 'sns:Publish';
    const policies = policiesOf(app, resource);
    const sites = policies.flatMap((policy) => readPolicy(app, policy).sites);
    const refused = any(sites.map(({ statement }) => refusesToAll(statement, action, WITHOUT_TLS)));
    const [unread] = policies.flatMap((policy) => readPolicy(app, policy).unreadable);
    if (refused === 'NO' && unread !== undefined) return undetermined(`the policy cannot be read: ${unread.reason}`);
    return judged(refused, 'requests without TLS are answered');
  }),
};

/** `AISec-DP52`. */
export const messageServicesBound: Rule = {
  id: 'AISec-DP52',
  name: 'MessageServicesBound',
  title: 'A service sends to queues and topics of an app with an AI workload for the own account only',
  severity: 'MEDIUM',
  controls: ['AA2'],
  threats: ['AML.T0029', 'LLM10'],
  why: 'The service acts for all its customers: one of them has it fill your queue, or send alarms and findings that are none.',
  remedy: 'Demand aws:SourceArn or aws:SourceAccount.',
  example:
    "queue.addToResourcePolicy(new iam.PolicyStatement({ principals: [new iam.ServicePrincipal('events.amazonaws.com')], actions: ['sqs:SendMessage'], resources: [queue.queueArn], conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } } }));",
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html',
  types: POLICIES,
  check: ofAiApp((policy) => ofPolicy(policy, isForService, (statement) => demandsLike(statement, SOURCE), 'a service may send for any account')),
};

/** `AISec-DP53`. */
export const messageServicesUseOnly: Rule = {
  id: 'AISec-DP53',
  name: 'MessageServicesUseOnly',
  title: 'A service sends to queues and topics of an app with an AI workload, and does not manage or empty them',
  severity: 'MEDIUM',
  controls: ['P1'],
  threats: ['AML.T0029'],
  why: 'A statement with sqs:* or sns:* lets the service, and whoever steers it, read and delete messages and open the policy.',
  remedy: 'Allow sqs:SendMessage or sns:Publish alone.',
  example: "actions: ['sqs:SendMessage']",
  source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html',
  types: POLICIES,
  check: ofAiApp((policy) => ofPolicy(policy, isForService, (statement) => not(coversAnyAction(statement, MANAGES)), 'a service may manage or empty it')),
};

/** `AISec-DP54`. */
export const messagesNamedSenders: Rule = {
  id: 'AISec-DP54',
  name: 'MessagesNamedSenders',
  title: 'The policy of a queue or topic of an app with an AI workload says who is allowed',
  severity: 'MEDIUM',
  controls: ['AA3'],
  threats: ['AML.T0029', 'AML.T0035'],
  why: 'A star lets strangers send what is processed next, or read what failed; a source condition alone trusts every service.',
  remedy: 'Name the service or the role in Principal, or demand aws:PrincipalOrgID or aws:PrincipalAccount.',
  example: "topic.addToResourcePolicy(new iam.PolicyStatement({ principals: [new iam.OrganizationPrincipal('o-abcd123456')], actions: ['sns:Publish'], resources: [topic.topicArn] }));",
  source: 'https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html',
  types: POLICIES,
  check: ofAiApp((policy) => ofPolicy(policy, isForAnybody, (statement) => demandsLike(statement, WHO), 'anybody is allowed')),
};

function ofPolicy({ app, resource }: Subject, ...question: Rest<typeof judgeAllows>): Judgement[] {
  return judgeAllows(readPolicy(app, resource), ...question);
}

type Rest<F> = F extends (first: ReadPolicy, ...rest: infer R) => unknown ? R : never;

function readPolicy(app: JudgedApp, policy: Resource): ReadPolicy {
  return { sites: app.statementsAt(policy, 'PolicyDocument'), unreadable: app.unreadable(policy, 'PolicyDocument') };
}

function policiesOf(app: JudgedApp, channel: Resource): readonly Resource[] {
  if (channel.type === 'AWS::SQS::Queue') {
    return [...app.naming(channel, 'AWS::SQS::QueuePolicy', 'Queues.*'), ...app.naming(channel, 'AWS::SQS::QueueInlinePolicy', 'Queue')];
  }
  return [...app.naming(channel, 'AWS::SNS::TopicPolicy', 'Topics.*'), ...app.naming(channel, 'AWS::SNS::TopicInlinePolicy', 'TopicArn')];
}
