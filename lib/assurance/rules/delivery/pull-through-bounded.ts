import type { Answer } from '../answer';
import { any } from '../answer';
import { judged } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-CI04`. */
export const pullThroughBounded: Rule = {
  id: 'AISec-CI04',
  name: 'PullThroughBounded',
  title: 'Who may bring images through a pull-through cache is bounded by a registry policy',
  severity: 'MEDIUM',
  controls: ['SC3', 'SC4'],
  threats: ['AML.T0010.004'],
  why: 'A cache for a public registry makes every image of the world one pull away, under an address that looks private.',
  remedy: 'Add a registry policy that names who may import which repositories.',
  example: "new ecr.CfnRegistryPolicy(this, 'Import', { policyText: { Version: '2012-10-17', Statement: [...] } });",
  source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html',
  types: ['AWS::ECR::PullThroughCacheRule'],
  evidenceOnly: true,
  check: ({ app }) => {
    const policies = app.ofTypes('AWS::ECR::RegistryPolicy');
    const found = policies.map(({ presence }): Answer => (presence === 'YES' ? 'YES' : 'UNKNOWN'));
    return judged(any(found), 'no registry policy of the templates says who may import images');
  },
};
