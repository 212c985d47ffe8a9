import type { ControlEvidence, Evidence } from '../evidence/evidence';
import { STATUS_TEXT } from '../evidence/status-text';
import { nameUuid } from './name-uuid';

const OSCAL_VERSION = '1.1.2';
const CATALOGUE = 'https://raw.githubusercontent.com/usnistgov/oscal-content/main/nist.gov/SP800-53/rev5/json/NIST_SP-800-53_rev5_catalog.json';
const FRAMEWORK = 'NIST SP 800-53 r5';
const PLAN = 'Every rule of the pack and every attack of the prover, over every template of the assembly';
const NAMESPACE = 'https://github.com/cdk-secure-ai/cdk-secure-ai/ns/oscal';

/** What both documents need beside the evidence. */
export interface OscalOptions {
  /** Day of the assessment, `YYYY-MM-DD`. */
  readonly day: string;
  /** Name of the assessed app. */
  readonly subject: string;
}

/**
 * Evidence as an OSCAL component definition: the app as one component, with what it implements of NIST SP 800-53.
 *
 * Controls of which nothing is declared, checked or proven are left out. An entry says "supports", with every catalogue control behind it.
 *
 * @see https://pages.nist.gov/OSCAL/reference/v1.1.2/component-definition/json-outline/
 */
export function oscalComponentDefinition(evidence: Evidence, options: OscalOptions): object {
  const id = (name: string): string => nameUuid(`component-definition/${options.subject}/${name}`);
  const requirements = supportedControls(evidence).map(([nist, controls]) => ({
    uuid: id(nist),
    'control-id': nist,
    description: controls.map((c) => `${c.id} ${c.title}: ${c.need} Status: ${STATUS_TEXT[c.status]}.`).join('\n'),
    props: controls.map((c) => ({ name: 'supporting-control', ns: NAMESPACE, value: c.id, class: c.status.toLowerCase() })),
  }));
  return {
    'component-definition': {
      uuid: id('document'),
      metadata: metadata(`Security controls of ${options.subject}`, evidence, options),
      components: [
        {
          uuid: componentUuid(options),
          type: 'software',
          title: options.subject,
          description: `${evidence.templates.length} CloudFormation templates of the app ${options.subject}, as synthesised`,
          ...(requirements.length > 0 && {
            'control-implementations': [
              {
                uuid: id('implementation'),
                source: CATALOGUE,
                description: 'What the templates support; a mapping supports a control and claims no compliance with it.',
                'implemented-requirements': requirements,
              },
            ],
          }),
        },
      ],
    },
  };
}

/**
 * Evidence as OSCAL assessment results: one observation and one finding for each supported control.
 *
 * A control is satisfied when every catalogue control behind it is proven or checked; declared alone is not enough.
 *
 * @see https://pages.nist.gov/OSCAL/reference/v1.1.2/assessment-results/json-outline/
 */
export function oscalAssessmentResults(evidence: Evidence, options: OscalOptions): object {
  const id = (name: string): string => nameUuid(`assessment-results/${options.subject}/${name}`);
  const start = `${options.day}T00:00:00Z`;
  const supported = supportedControls(evidence);
  const observations = supported.map(([nist, controls]) => ({
    uuid: id(`observation/${nist}`),
    title: `Templates of ${options.subject} against ${nist}`,
    description: controls.map(observationText).join('\n'),
    methods: ['TEST'],
    subjects: [{ 'subject-uuid': componentUuid(options), type: 'component' }],
    collected: start,
  }));
  const findings = supported.map(([nist, controls]) => ({
    uuid: id(`finding/${nist}`),
    title: `${nist}: ${isSatisfied(controls) ? 'shown' : 'not shown'} by the templates`,
    description: controls.map((c) => `${c.id} ${c.title}: ${STATUS_TEXT[c.status]}`).join('\n'),
    target: { type: 'objective-id', 'target-id': `${nist}_obj`, status: { state: isSatisfied(controls) ? 'satisfied' : 'not-satisfied' } },
    'related-observations': [{ 'observation-uuid': id(`observation/${nist}`) }],
  }));
  const plan = id('plan');
  return {
    'assessment-results': {
      uuid: id('document'),
      metadata: metadata(`Assessment of ${options.subject}`, evidence, options),
      'import-ap': { href: `#${plan}` },
      'local-definitions': {},
      results: [
        {
          uuid: id('result'),
          title: `Rules and proofs over the templates of ${options.subject}`,
          description: `${evidence.findings.length} open findings; controls by status: ${statusCounts(evidence)}`,
          start,
          end: start,
          'local-definitions': {
            components: [
              {
                uuid: componentUuid(options),
                type: 'software',
                title: options.subject,
                description: `The app ${options.subject}, as synthesised`,
                status: { state: 'under-development' },
              },
            ],
          },
          'reviewed-controls': {
            'control-selections': [
              supported.length > 0 ? { 'include-controls': supported.map(([nist]) => ({ 'control-id': nist })) } : { 'include-all': {} },
            ],
          },
          ...(observations.length > 0 && { observations, findings }),
        },
      ],
      'back-matter': {
        resources: [{ uuid: plan, title: 'Assessment plan', description: PLAN }],
      },
    },
  };
}

function metadata(title: string, { version }: Evidence, { day }: OscalOptions): object {
  return { title, 'last-modified': `${day}T00:00:00Z`, version, 'oscal-version': OSCAL_VERSION };
}

function componentUuid({ subject }: OscalOptions): string {
  return nameUuid(`component/${subject}`);
}

/** Controls of NIST SP 800-53 with every catalogue control that supports them; those of which the app has none are left out. */
function supportedControls({ controls }: Evidence): [string, ControlEvidence[]][] {
  const found = new Map<string, ControlEvidence[]>();
  for (const control of controls) {
    for (const { framework, id } of control.mappings) {
      if (framework !== FRAMEWORK) continue;
      const nist = nistId(id);
      found.set(nist, [...(found.get(nist) ?? []), control]);
    }
  }
  return [...found].filter(([, behind]) => behind.some(({ status }) => status !== 'NOT_BUILT')).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** `AC-06(05)` is `ac-6.5` in the catalogue. */
function nistId(id: string): string {
  const [, family, control, enhancement] = /^([A-Z]{2})-(\d+)(?:\((\d+)\))?$/.exec(id) ?? [];
  return `${family.toLowerCase()}-${Number(control)}${enhancement === undefined ? '' : `.${Number(enhancement)}`}`;
}

function isSatisfied(controls: readonly ControlEvidence[]): boolean {
  return controls.every(({ status }) => status === 'PROVEN' || status === 'CHECKED');
}

function observationText({ id, title, rules, proofs, declaredBy, openFindings }: ControlEvidence): string {
  const parts = [`${rules.length} rules`, `${proofs.length} proofs`, `${declaredBy.length} constructs declare it`, `${openFindings} open findings`];
  return `${id} ${title}: ${parts.join(', ')}`;
}

function statusCounts({ controls }: Evidence): string {
  return (Object.keys(STATUS_TEXT) as (keyof typeof STATUS_TEXT)[])
    .map((status) => `${controls.filter((control) => control.status === status).length} ${STATUS_TEXT[status]}`)
    .join(', ');
}
