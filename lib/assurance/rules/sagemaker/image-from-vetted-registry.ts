import type { Resource, Value } from '../../template';
import { Unknown, textParts } from '../../template';
import type { Answer } from '../answer';
import { ask } from '../answer';
import type { JudgedApp } from '../judged-app';
import { judged } from '../judgement';
import type { Rule } from '../rule';
import { AWS_IMAGE_ACCOUNTS } from './aws-image-accounts';
import { IMAGE_TYPES, imageSites } from './container-images';

/** `AISec-SM04`. */
export const imageFromVettedRegistry: Rule = {
  id: 'AISec-SM04',
  name: 'ImageFromVettedRegistry',
  title: 'Container images come from a registry of your own or from AWS',
  severity: 'HIGH',
  controls: ['SC3', 'SC4'],
  threats: ['AML.T0010.004'],
  why: 'A public registry serves whatever its publisher, or whoever took over that account, pushed last; nobody here scanned it.',
  remedy: 'Copy the image into a private ECR repository, scan it there and name it by its digest.',
  example: 'image: `${this.account}.dkr.ecr.${this.region}.amazonaws.com/fraud@sha256:${approvedDigest}`',
  source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html',
  types: IMAGE_TYPES,
  check: ({ resource, app }) =>
    imageSites(resource).map(({ path, value }) =>
      judged(
        ask(value, (known) => isVetted(known, resource, app)),
        'the image comes from a registry that nobody here vets',
        path,
      ),
    ),
};

const PRIVATE = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\./;
const ANY_PRIVATE = /^ \.dkr[.-]ecr(?:-fips)?\./;

function isVetted(value: Value | undefined, resource: Resource, app: JudgedApp): Answer {
  if (app.named(value)?.type === 'AWS::ECR::Repository') return 'YES';
  const parts = textParts(value) ?? [];
  const text = parts.map((part) => (typeof part === 'string' ? part : ' ')).join('');
  const account = PRIVATE.exec(text)?.[1];
  if (account !== undefined) return AWS_IMAGE_ACCOUNTS.has(account) || account === resource.stack.account ? 'YES' : 'UNKNOWN';
  const first = parts[0];
  if (!(first instanceof Unknown)) return 'NO';
  // A mapping gives the account of AWS for each region.
  const ofAws = first.candidates?.every((account) => typeof account === 'string' && AWS_IMAGE_ACCOUNTS.has(account)) ?? false;
  return (ofAws || first.kind === 'PSEUDO_PARAMETER') && ANY_PRIVATE.test(text) ? 'YES' : 'UNKNOWN';
}
