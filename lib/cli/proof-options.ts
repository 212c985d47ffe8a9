import type { OptionSpec } from './command-line';

/** Options about proofs that several commands take. */
export const PROOF_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  attacks: { value: 'FILE', repeatable: true, help: 'judge the attacks of this file too' },
  operator: { value: 'ARN', repeatable: true, help: "who may change and delete things, besides CloudFormation's role; wildcards" },
  organization: { value: 'ID', help: 'the organisation (o-…) that the accounts are in (default: the one that the policies name)' },
  region: { value: 'NAME', repeatable: true, help: 'where data may be (default: the regions of the stacks)' },
  scp: { value: 'FILE', repeatable: true, help: 'a service control policy; one --scp for each level, from the root down' },
  rcp: { value: 'FILE', repeatable: true, help: 'a resource control policy; one --rcp for each level' },
};
