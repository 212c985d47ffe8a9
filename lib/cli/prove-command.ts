import type { Command } from './command';
import { PROOF_OPTIONS } from './proof-options';

/** Proofs that attacks are impossible. */
export const PROVE_COMMAND: Command = {
  name: 'prove',
  summary: 'prove that no request can carry out an attack, or show one',
  usage: ['[PATH] [OPTIONS]'],
  options: {
    attack: { value: 'ID', repeatable: true, help: 'judge this attack only; AISEC-08 means all of AISEC-08A, AISEC-08B, …' },
    ...PROOF_OPTIONS,
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
