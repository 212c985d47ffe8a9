import * as path from 'node:path';
import type { TemplateInput } from '../template';
import type { AssemblyLimits } from './assembly';
import { readText, parseJson } from './template-text';
import { parseYamlTemplate } from './yaml';

/** Largest template in YAML: CloudFormation itself takes 1 MB, and each byte costs the parser many. */
const YAML_BYTES = 4 * 1024 * 1024;

/**
 * Reads one template in JSON or YAML; its file name gives the stack name.
 *
 * @throws {@link TemplateError} `BAD_FILE` with the line of what is wrong, `TOO_LARGE`, `TOO_DEEP`
 */
export function readTemplateFile(file: string, limits: AssemblyLimits = {}): TemplateInput {
  const stackName = path.basename(file).replace(/(\.template)?\.(json|ya?ml|template)$/i, '');
  const isYaml = /\.ya?ml$/i.test(file);
  const text = readText(file, isYaml ? Math.min(limits.fileBytes ?? YAML_BYTES, YAML_BYTES) : limits.fileBytes);
  // JSON is read as such wherever it stands: it is a part of YAML, and the faster one to read.
  if (/^\s*[{[]/.test(text) && !isYaml) return { stackName, template: parseJson(text, file), source: file };
  if (text.length > YAML_BYTES) readText(file, YAML_BYTES);
  return { stackName, template: parseYamlTemplate(text, file), source: file };
}
