import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import type { HandlerContract } from './handler-contract';
import { permitsOf } from './handler-contract';

/** The statements that authorise the calls of a contract, on the resources that are bound to its slots. */
export function contractStatements(
  scope: IConstruct,
  contract: HandlerContract,
  resources: Readonly<Record<string, string[]>>,
): PolicyStatement[] {
  const { region, urlSuffix } = Stack.of(scope);
  return permitsOf(contract).map(({ slot, actions, through }) => new PolicyStatement({
    actions: [...actions],
    resources: resources[slot] ?? [],
    ...(through ? { conditions: { StringEquals: { 'kms:ViaService': `${through}.${region}.${urlSuffix}` } } } : {}),
  }));
}
