import { Unknown } from '../../template';
import { COMPLIANT, undetermined, violated } from '../judgement';
import { placesAt } from '../places';
import type { Rule } from '../rule';
import { scriptText } from '../script-text';

/** `AISec-SM32`. */
export const lifecycleScriptPinned: Rule = {
  id: 'AISec-SM32',
  name: 'LifecycleScriptPinned',
  title: 'Lifecycle scripts run nothing unpinned from the internet',
  severity: 'HIGH',
  controls: ['SC3'],
  threats: ['AML.T0010.001'],
  why: 'The script runs in every notebook with its role: whoever controls the page or the package runs code on the data.',
  remedy: 'Install from your own index with exact versions, and fetch scripts from a bucket of your own with a checksum.',
  example: "content: Fn.base64('#!/bin/bash\npip install --require-hashes -r /opt/requirements.txt\n')",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/notebook-lifecycle-config.html',
  types: ['AWS::SageMaker::NotebookInstanceLifecycleConfig', 'AWS::SageMaker::StudioLifecycleConfig'],
  check: ({ resource }) =>
    ['OnCreate.*.Content', 'OnStart.*.Content', 'StudioLifecycleConfigContent'].flatMap((place) =>
      placesAt(resource.properties, place).map(({ path, value }) => {
        const script = scriptText(value);
        const bad = script && unpinned(script.text);
        if (bad !== undefined) return violated(bad, path);
        return value instanceof Unknown && value.isParameter
          ? undetermined(`the script is not known: ${value.reason}`, path)
          : COMPLIANT;
      }),
    ),
};

const PIPED = /\b(?:curl|wget)\b[^|\n]{0,500}\|\s*(?:sudo\s+)?(?:-\S+\s+)*(?:ba|z|da)?sh\b/;
const INSTALL = /\bpip3?\s+install\b([^\n;&|]{0,1000})/g;

function unpinned(script: string): string | undefined {
  const text = script.replaceAll('\\\n', ' ');
  if (PIPED.test(text)) return 'the script pipes a download into a shell';
  for (const [, given] of text.matchAll(INSTALL)) {
    const name = loosePackage(given.trim().split(/\s+/));
    if (name !== undefined) return `the script installs '${name.slice(0, 60)}' in whatever version is newest`;
  }
  return undefined;
}

/** Options of pip that take a value. */
const VALUED =
  /^(?:-r|--requirement|-c|--constraint|-i|--index-url|--extra-index-url|-f|--find-links|-t|--target|--trusted-host|-e|--editable)$/;

function loosePackage(words: readonly string[]): string | undefined {
  return words.find((word, i) => {
    const name = word.replace(/^["']|["']$/g, '');
    if (name === '' || name.startsWith('-') || VALUED.test(words[i - 1] ?? '')) return false;
    // Files, directories and wheels are what they are; a variable may hold a pinned version.
    if (/==|[@$/]|^\.|\.whl$|\.txt$/.test(name) || /^[\d&]?>/.test(name)) return false;
    return /^[A-Za-z][A-Za-z0-9._-]*(?:\[[^\]]*\])?(?:[<>~!].*)?$/.test(name);
  });
}
