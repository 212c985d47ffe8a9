import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import type { HandlerContract } from './handler-contract';
import { permitsOf } from './handler-contract';
import { viaServiceOf } from './via-service';

/** The statements that authorise the calls of a contract, on the resources that are bound to its slots. */
export function contractStatements(
  scope: IConstruct,
  contract: HandlerContract,
  resources: Readonly<Record<string, string[]>>,
): PolicyStatement[] {
  return permitsOf(contract).map(({ slot, actions, through }) => new PolicyStatement({
    actions: [...actions],
    resources: resources[slot] ?? [],
    ...(through ? { conditions: viaServiceOf(scope, resources[slot] ?? [], through) } : {}),
  }));
}
