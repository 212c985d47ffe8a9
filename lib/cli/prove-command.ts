import type { Command } from './command';

/** Proofs that attacks are impossible. */
export const PROVE_COMMAND: Command = {
  name: 'prove',
  summary: 'prove that no request can carry out an attack, or show one',
  usage: ['[PATH] [OPTIONS]'],
  options: {
    attack: { value: 'ID', repeatable: true, help: 'judge this attack only; AISEC-08 means all of AISEC-08A, AISEC-08B, …' },
    attacks: { value: 'FILE', repeatable: true, help: 'judge the attacks of this file too' },
    operator: { value: 'ARN', repeatable: true, help: "who may change and delete things, besides CloudFormation's role; wildcards" },
    organization: { value: 'ID', help: 'the organisation (o-…) that the accounts are in (default: the one that the policies name)' },
    region: { value: 'NAME', repeatable: true, help: 'where data may be (default: the regions of the stacks)' },
    scp: { value: 'FILE', repeatable: true, help: 'a service control policy; one --scp for each level, from the root down' },
    rcp: { value: 'FILE', repeatable: true, help: 'a resource control policy; one --rcp for each level' },
    sarif: { help: 'print SARIF 2.1.0 instead of text' },
    mutate: { help: 'weaken the policies, one statement at a time, and say which weakenings the attacks notice' },
    explain: { help: 'say what each verdict rests on' },
  },
  exits: {
    0: 'every attack that applies is proved impossible',
    1: 'some attack is possible; the request is shown',
    2: 'neither was shown for some attack, or no attack applies',
    64: 'wrong usage, or something cannot be read',
  },
  errorExit: 64,
  defaultPath: 'cdk.out',
  load: async () => (await import('./prove.js')).proveCommand,
};
