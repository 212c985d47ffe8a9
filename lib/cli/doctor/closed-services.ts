import type { TemplateModel } from '../../assurance/template';
import { observation, type Observation } from './observation';

/** A service that new customers cannot start with. */
interface ClosedService {
  readonly name: string;
  /** Day from which an account that did not use it before is refused. */
  readonly since: string;
  readonly types: RegExp;
  readonly instead: string;
}

/** Day on which the list was last compared with the pages of AWS. */
export const CLOSED_SERVICES_AS_OF = '2026-11-23';

const CLOSED_SERVICES: readonly ClosedService[] = [
  { name: 'Systems Manager Incident Manager', since: '2025-11-07', types: /^AWS::SSM(Incidents|Contacts)::/, instead: 'Step Functions and EventBridge' },
  { name: 'S3 Object Lambda', since: '2025-11-07', types: /^AWS::S3ObjectLambda::/, instead: 'redaction when data is written, or in front of the store' },
  { name: 'Audit Manager', since: '2026-04-30', types: /^AWS::AuditManager::/, instead: "Config conformance packs and the evidence of 'secure-ai report'" },
  { name: 'App Runner', since: '2026-04-30', types: /^AWS::AppRunner::/, instead: 'Fargate or Lambda' },
  { name: 'CloudTrail Lake', since: '2026-05-31', types: /^AWS::CloudTrail::(EventDataStore|Channel|Dashboard)$/, instead: 'a trail to a locked bucket, read with Athena' },
  {
    name: 'SageMaker Model Monitor', since: '2026-07-30',
    types: /^AWS::SageMaker::(MonitoringSchedule|DataQualityJobDefinition|ModelBiasJobDefinition|ModelExplainabilityJobDefinition|ModelQualityJobDefinition)$/,
    instead: 'a processing job of your own on a schedule',
  },
];

/** Services in the templates that an account may not be able to start with. Whether it used them before, templates do not say. */
export function closedServices(model: TemplateModel): Observation[] {
  const found = CLOSED_SERVICES.flatMap(({ name, since, types, instead }) => {
    const [first] = model.resources.filter(({ type }) => types.test(type));
    if (first === undefined) return [];
    return [observation('services.closed', 'WARN', `${first.id} needs ${name}, closed to new customers since ${since}`, `an account that did not use it before takes ${instead}`)];
  });
  if (found.length > 0) return found;
  return [observation('services.closed', 'OK', `no service that is closed to new customers (list of ${CLOSED_SERVICES_AS_OF})`)];
}
