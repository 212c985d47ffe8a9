import type { Command } from './command';
import { PROOF_OPTIONS } from './proof-options';

/** Commands about synthesised apps and templates. */
export const ASSURANCE_COMMANDS: readonly Command[] = [
  {
    name: 'check',
    summary: 'judge an app or a template by the AI security rules',
    usage: ['[PATH …] [OPTIONS]', '--diff OLD NEW [OPTIONS]'],
    operands: { what: 'path', min: 0, max: 1000 },
    options: {
      format: { value: 'NAME', help: 'text (default), json, sarif or junit' },
      output: { value: 'FILE', help: 'write there instead of to the standard output; replaces the file' },
      severity: { value: 'LEVEL', help: 'lowest severity that counts: CRITICAL, HIGH, MEDIUM or LOW (default)' },
      rule: { value: 'ID', repeatable: true, help: 'apply this rule only' },
      skip: { value: 'ID', repeatable: true, help: 'leave this rule out' },
      baseline: { value: 'FILE', help: 'findings of this file are known: only new ones fail' },
      'write-baseline': { value: 'FILE', help: 'write the findings of now as a baseline, and end with 0' },
      diff: { help: 'compare two assemblies: only findings that NEW adds to OLD fail' },
      'allow-undetermined': { help: 'what a template does not decide does not fail' },
      'require-evidence': { help: 'fail also on what rules that look for evidence only do not find' },
    },
    exits: { 0: 'nothing is open', 1: 'something is violated, or cannot be decided', 2: 'wrong usage, or something cannot be read' },
    load: async () => (await import('./check-command.js')).checkCommand,
  },
  {
    name: 'explain',
    summary: 'explain a rule or a control, with the attack and the remedy',
    usage: ['RULE|CONTROL', '--list'],
    operands: { what: 'rule or control', min: 0, max: 1 },
    options: { list: { help: 'list every rule and control' } },
    exits: { 0: 'explained', 1: 'not used', 2: 'there is no such rule or control' },
    load: async () => (await import('./explain-command.js')).explainCommand,
  },
  {
    name: 'report',
    summary: 'write the evidence of an app: controls, findings, proofs, keys, access',
    usage: ['[PATH …] [OPTIONS]'],
    operands: { what: 'path', min: 0, max: 1000 },
    options: {
      format: { value: 'NAME', repeatable: true, help: 'html (default), markdown, json, sarif, oscal-component or oscal-results' },
      name: { value: 'NAME', help: 'name of the app in OSCAL (default: the first stack)' },
      output: { value: 'FILE', help: 'where to write it (default: secure-ai-report.*); replaces the file' },
      ...PROOF_OPTIONS,
      'no-proofs': { help: 'prove nothing: quicker, and no control is shown as proven' },
    },
    exits: { 0: 'written, no control is open', 1: 'written, some control is open', 2: 'wrong usage, or something cannot be read or written' },
    load: async () => (await import('./report-command.js')).reportCommand,
  },
  {
    name: 'init',
    summary: 'add the rules and a first construct to an existing CDK app',
    usage: ['[DIR] [OPTIONS]'],
    operands: { what: 'directory', min: 0, max: 1 },
    options: { 'dry-run': { help: 'show what would change, and change nothing' } },
    exits: { 0: 'added, or there already', 1: 'nothing changed: the lines that are shown must be added by hand', 2: 'wrong usage, or something cannot be read or written' },
    load: async () => (await import('./init-command.js')).initCommand,
  },
  {
    name: 'doctor',
    summary: 'look at an app and its account before a deployment, by reading calls only',
    usage: ['[PATH …] [OPTIONS]'],
    operands: { what: 'path', min: 0, max: 1000 },
    options: {
      region: { value: 'NAME', help: 'region of stacks that name none (default: AWS_REGION)' },
      offline: { help: 'look at the templates only, ask no account' },
    },
    exits: { 0: 'nothing stands in the way', 1: 'something does', 2: 'wrong usage, or not everything could be looked at' },
    load: async () => (await import('./doctor-command.js')).doctorCommand,
  },
];
