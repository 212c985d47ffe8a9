import type { Resource } from '../../template';
import { valueAt } from '../../template';
import { isPresent } from '../answer';
import type { JudgedApp } from '../judged-app';
import { placesAt } from '../places';

const VARIANTS = 'ProductionVariants.*';

/** Whether an endpoint configuration has serverless variants alone: these take no VPC, isolation, volume key or data capture. */
export function isServerlessOnly(config: Resource): boolean {
  const variants = placesAt(config.properties, VARIANTS);
  return variants.length > 0 && variants.every(({ value }) => isPresent(valueAt(value, ['ServerlessConfig'])) === 'YES');
}

/** Whether a model stands behind serverless variants, and behind nothing else. */
export function servesServerlessOnly(model: Resource, app: JudgedApp): boolean {
  const users = app.naming(model, 'AWS::SageMaker::EndpointConfig', `${VARIANTS}.ModelName`);
  return users.length > 0 && users.every(isServerlessOnly);
}
