import type { ExitCode, Invocation } from './command';
import { displayJson, displayText } from './display-text';
import { AwsApi, findIdentity, NoAccount } from './aws-api';
import { closedServices } from './doctor/closed-services';
import { identityPart, whoAmI, type Caller } from './doctor/identity-part';
import { observation, type Observation, type ObservationStatus } from './doctor/observation';
import { posturePart } from './doctor/posture-part';
import { quotaPart } from './doctor/quota-part';
import { singletonPart } from './doctor/singleton-part';
import { needsOf, type RegionNeeds } from './doctor/template-needs';
import { openPlace, type JudgedPlace } from './template-place';
import type { Colours } from './terminal';

const SCHEMA = 'cdk-secure-ai/doctor/v1';
const STS_REGION = 'us-east-1';

/** Looks at an assembly and the account that it goes to, before a deployment. Reads only. */
export async function doctorCommand(invocation: Invocation): Promise<ExitCode> {
  const { paths, line, terminal } = invocation;
  const place = openPlace(paths);
  const observations = [...posturePart(place), ...closedServices(place.model)];
  if (!line.has('offline')) observations.push(...(await accountPart(place, invocation)));
  const code = verdictOf(observations);
  if (line.has('json')) terminal.out(displayJson({ schema: SCHEMA, verdict: ['READY', 'NOT_READY', 'INCOMPLETE'][code], observations }));
  else terminal.out(textOf(observations, code, terminal.colours));
  return code;
}

async function accountPart(place: JudgedPlace, { line, environment, now }: Invocation): Promise<Observation[]> {
  const fallback = line.text('region') ?? (environment.AWS_REGION || environment.AWS_DEFAULT_REGION || undefined);
  const needs = needsOf(place.model, fallback);
  const observations: Observation[] = [];
  try {
    const identity = await findIdentity();
    const aws = new AwsApi(identity, environment.AWS_ENDPOINT_URL);
    const caller = await whoAmI(aws, needs.at(0)?.region ?? fallback ?? STS_REGION);
    observations.push(...identityPart(caller, identity, now));
    for (const one of needs) observations.push(...((await placePart(aws, caller, one)) ?? []));
    observations.push(...accountsPart(caller, needs));
  } catch (error) {
    if (!(error instanceof NoAccount)) throw error;
    observations.push(observation('account', 'UNKNOWN', `the account was not looked at: ${error.message}`, 'sign in, or give --offline'));
  }
  return observations;
}

async function placePart(aws: AwsApi, { account }: Caller, needs: RegionNeeds): Promise<Observation[] | undefined> {
  if (needs.account !== undefined && needs.account !== account) return undefined;
  return [...(await singletonPart(aws, needs)), ...(await quotaPart(aws, needs))];
}

function accountsPart({ account }: Caller, needs: readonly RegionNeeds[]): Observation[] {
  if (needs.length === 0) return [observation('account.region', 'UNKNOWN', 'no stack names a region, and the environment names none', 'give --region')];
  const others = [...new Set(needs.flatMap((one) => (one.account !== undefined && one.account !== account ? [one.account] : [])))];
  if (others.length === 0) return [];
  if (needs.every((one) => one.account !== undefined && one.account !== account)) {
    return [observation('account', 'FAIL', `no stack goes to the account ${account}; they go to ${others.join(', ')}`, 'sign in to the account that is meant')];
  }
  return others.map((other) => observation('account', 'WARN', `stacks for the account ${other} were not looked at`, 'run again with a session there'));
}

function verdictOf(observations: readonly Observation[]): ExitCode {
  const has = (status: ObservationStatus): boolean => observations.some((one) => one.status === status);
  return has('FAIL') ? 1 : has('UNKNOWN') ? 2 : 0;
}

function textOf(observations: readonly Observation[], code: ExitCode, colours: Colours): string {
  const marks: Readonly<Record<ObservationStatus, string>> = { FAIL: colours.red('✘'), UNKNOWN: colours.yellow('?'), WARN: colours.yellow('!'), OK: colours.green('✔') };
  const lines = observations.flatMap(({ status, text, advice }) => [`${marks[status]} ${displayText(text)}`, ...(advice === undefined ? [] : [`    ${displayText(advice)}`])]);
  const count = (status: ObservationStatus): number => observations.filter((one) => one.status === status).length;
  const verdict = [
    `${colours.green('✔')} nothing stands in the way`,
    `${colours.red('✘')} ${count('FAIL')} ${count('FAIL') === 1 ? 'thing stands' : 'things stand'} in the way`,
    `${colours.yellow('?')} not everything could be looked at: ${count('UNKNOWN')} unknown`,
  ][code];
  return [...lines, '', `${verdict}${count('WARN') > 0 ? `, ${count('WARN')} to look at` : ''}`].join('\n');
}
