import type { ControlEvidence, ControlStatus, Evidence } from '../evidence/evidence';
import { STATUS_TEXT } from '../evidence/status-text';
import { html, Html } from './html/escape';
import { picture } from './html/picture';
import { SCRIPT, SCRIPT_HASH } from './html/script';
import { STYLE } from './html/style';

const STATUSES = Object.keys(STATUS_TEXT) as ControlStatus[];

interface Column {
  readonly head: string;
  readonly kind?: 'id' | 'n';
}

interface Row {
  readonly cells: readonly (string | number | Html)[];
  /** Values that the filters compare. */
  readonly data?: Readonly<Record<string, string>>;
}

/** Evidence as one HTML file: works offline and printed, asks nothing of the network, and shows everything without scripts as well. */
export function htmlOf(evidence: Evidence, { subject }: { readonly subject: string }): string {
  const sections: readonly (readonly [string, string, Html])[] = [
    ['controls', 'Controls', controls(evidence)],
    ['picture', 'Picture', flow(evidence)],
    ['findings', 'Findings', findings(evidence)],
    ['proofs', 'Proofs', proofs(evidence)],
    ['kept', 'Kept on purpose', kept(evidence)],
    ['weaker', 'Weaker choices', weaker(evidence)],
    ['inventory', 'Where data and keys live', inventory(evidence)],
    ['access', 'Who can do what', access(evidence)],
    ['packs', 'Public packs', packs(evidence)],
    ['limits', 'Limits', limits(evidence)],
  ];
  const links = sections.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`);
  const bodies = sections.map(([id, title, body]) => html`<section id="${id}" aria-labelledby="${id}-head"><h2 id="${id}-head">${title}</h2>${body}</section>
`);
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta http-equiv="Content-Security-Policy" content="default-src 'none';style-src 'unsafe-inline';script-src '${SCRIPT_HASH}';base-uri 'none';form-action 'none'"><title>Security evidence of ${subject}</title><style>${new Html(STYLE)}</style></head>
<body><a class="skip" href="#main">Skip to the evidence</a>
<header><h1>Security evidence of ${subject}</h1><p class="note">${intro(evidence)}</p></header>
<nav aria-label="Sections"><ul>${links}</ul></nav>
<main id="main">${bodies}
<footer>Written by secure-ai ${evidence.version}. It supports an audit and claims no compliance with any framework.</footer></main>
<script>${new Html(SCRIPT)}</script></body></html>
`.text;
}

function intro({ templates, evaluationDate }: Evidence): string {
  const resources = templates.reduce((sum, template) => sum + template.resources, 0);
  return `${templates.length} templates, ${resources} resources${evaluationDate === undefined ? '' : `, as of ${evaluationDate}`}.`;
}

function controls({ controls: list }: Evidence): Html {
  const count = (status: ControlStatus): number => list.filter((control) => control.status === status).length;
  const tiles = STATUSES.map((status) => html`<li class="s-${status}"><b>${count(status)}</b>${STATUS_TEXT[status]}</li>`);
  const bar = STATUSES.map((status) => html`<i class="s-${status}" style="flex:${count(status)}"></i>`);
  const rows = list.map((control) => ({
    data: { status: control.status, area: control.area },
    cells: [control.id, titled(control), tag(`s-${control.status}`, STATUS_TEXT[control.status]), shownBy(control), control.openFindings, mapped(control)],
  }));
  const areas = [...new Set(list.map(({ area }) => area))];
  return html`<ul class="tiles">${tiles}</ul><div class="bar" aria-hidden="true">${bar}</div>
<p class="note">A control is proven by a statement about every request, checked by rules that found nothing wrong, or only declared by a construct. What is only declared is not shown.</p>
${filters('controls-table', 'controls', [['status', STATUSES.map((s) => [s, STATUS_TEXT[s]])], ['area', areas.map((a) => [a, a])]])}
${table('controls-table', [{ head: 'Id', kind: 'id' }, { head: 'Control' }, { head: 'Status' }, { head: 'Shown by' }, { head: 'Open', kind: 'n' }, { head: 'Supports' }], rows)}`;
}

function titled({ title, need }: ControlEvidence): Html {
  return html`<b>${title}</b><br>${need}`;
}

function shownBy({ rules, proofs: ids, declaredBy }: ControlEvidence): Html {
  return html`${list('proof', ids)}${list('rule', rules.map(({ id, title, compliant, violated }) => `${id} ${title} (${compliant} compliant, ${violated} violated)`))}${list('construct', declaredBy)}`;
}

function mapped({ mappings }: ControlEvidence): Html {
  const byFramework = [...new Set(mappings.map(({ framework }) => framework))].map((framework) => {
    const ids = mappings.filter((one) => one.framework === framework).map(({ id, verified }) => `${id}${verified ? '' : ' (unverified)'}`);
    return `${framework}: ${ids.join(', ')}`;
  });
  return list('framework', byFramework);
}

function list(noun: string, items: readonly string[]): Html {
  if (items.length === 0) return html``;
  const entries = items.map((item) => html`<li>${item}</li>`);
  return html`<details><summary>${items.length} ${noun}${items.length === 1 ? '' : 's'}</summary><ul>${entries}</ul></details>`;
}

function flow({ dataFlow }: Evidence): Html {
  if (dataFlow.nodes.length === 0) return html`<p class="note">The templates hold nothing that runs or keeps data.</p>`;
  return html`<figure tabindex="0">${picture(dataFlow)}<figcaption>Dashed: account and region. Solid: network. Blue: runs. Green: keeps data. Yellow: a way in or out. An arrow points where data goes, as the policies allow it.</figcaption></figure>`;
}

function findings({ findings: all }: Evidence): Html {
  if (all.length === 0) return html`<p class="note">Nothing is open.</p>`;
  const rows = all.map((f) => ({
    data: { severity: f.severity, verdict: f.verdict },
    cells: [tag(`v-${f.severity}`, f.severity.toLowerCase()), f.ruleId, code(f.constructPath ?? f.resource), code(f.path), html`${f.message}${f.verdict === 'UNDETERMINED' ? ' (undetermined)' : ''}`, f.controls.join(', ')],
  }));
  return html`${filters('findings-table', 'findings', [['severity', ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'].map((s) => [s, s.toLowerCase()])]])}
${table('findings-table', [{ head: 'Severity' }, { head: 'Rule', kind: 'id' }, { head: 'Resource' }, { head: 'Property' }, { head: 'What' }, { head: 'Controls' }], rows)}`;
}

function proofs({ proofs: all }: Evidence): Html {
  if (all.length === 0) return html`<p class="note">No proof was made.</p>`;
  const rows = all.map((p) => ({ cells: [p.id, p.title, tag(`p-${p.verdict}`, p.verdict.toLowerCase().replace('_', ' ')), p.layers.join(', '), p.details.join('; '), p.controls.join(', ')] }));
  return table('proofs-table', [{ head: 'Attack', kind: 'id' }, { head: 'What' }, { head: 'Verdict' }, { head: 'Layers' }, { head: 'Details' }, { head: 'Controls' }], rows);
}

function kept({ acknowledged, packAcknowledgements }: Evidence): Html {
  const rows = [
    ...acknowledged.map((a) => ({ cells: [a.ruleId, 'user', code(a.constructPath ?? a.resource), a.reason] })),
    ...packAcknowledgements.map((a) => ({ cells: [a.rule, `${a.classId} (${a.kind.toLowerCase().replace('_', ' ')})`, list('resource', a.resources), a.reason] })),
  ];
  if (rows.length === 0) return html`<p class="note">Nothing is acknowledged.</p>`;
  return table('kept-table', [{ head: 'Rule' }, { head: 'Class' }, { head: 'Where' }, { head: 'Reason' }], rows);
}

function weaker({ weakerChoices }: Evidence): Html {
  if (weakerChoices.length === 0) return html`<p class="note">Nobody chose less than the profile asks for.</p>`;
  const rows = weakerChoices.map((w) => ({ cells: [code(w.at), w.setting, w.reason, w.owner, w.ageDays === undefined ? '' : `${w.ageDays} days`, w.expires, w.daysLeft ?? ''] }));
  return table('weaker-table', [{ head: 'Where' }, { head: 'Setting' }, { head: 'Reason' }, { head: 'Owner' }, { head: 'Age' }, { head: 'Expires' }, { head: 'Days left', kind: 'n' }], rows);
}

function inventory({ inventory: all }: Evidence): Html {
  const rows = all.map((i) => ({ data: { class: i.dataClass ?? 'none' }, cells: [code(i.constructPath ?? i.resource), i.type, i.dataClass ?? '', i.account, i.region, list('key', i.keys)] }));
  const classes = [...new Set(all.map(({ dataClass }) => dataClass ?? 'none'))].sort();
  return html`${filters('inventory-table', 'places', [['class', classes.map((c) => [c, c])]])}
${table('inventory-table', [{ head: 'Resource' }, { head: 'Type' }, { head: 'Class' }, { head: 'Account' }, { head: 'Region' }, { head: 'Keys' }], rows)}`;
}

function access({ access: all }: Evidence): Html {
  const rows = all.flatMap(({ principal, constructPath, grants, boundary }) =>
    grants.map((g) => ({ cells: [code(constructPath ?? principal), list('action', g.actions), list('resource', g.resources), g.conditions.join(', '), boundary ? 'yes' : 'no'] })),
  );
  return html`<p class="note">What roles and users may do to models, data and keys, less what a policy denies them outright.</p>
${filters('access-table', 'grants', [])}
${table('access-table', [{ head: 'Principal' }, { head: 'Actions' }, { head: 'Resources' }, { head: 'Only if' }, { head: 'Boundary' }], rows)}`;
}

function packs({ packs: all }: Evidence): Html {
  if (all.length === 0) return html`<p class="note">No public pack left its results in the assembly.</p>`;
  const rows = all.map((p) => ({ cells: [p.name, p.version ?? '', p.rules, p.evaluations, p.open, p.acknowledged, p.completed ? 'yes' : 'no'] }));
  return table('packs-table', [{ head: 'Pack' }, { head: 'Version' }, { head: 'Rules', kind: 'n' }, { head: 'Evaluations', kind: 'n' }, { head: 'Open', kind: 'n' }, { head: 'Kept', kind: 'n' }, { head: 'Completed' }], rows);
}

function limits({ gaps, assumptions }: Evidence): Html {
  const items = [...gaps.map((gap) => `not judged: ${gap}`), ...assumptions.map((assumption) => `taken for granted: ${assumption}`)];
  if (items.length === 0) return html`<p class="note">Every template was judged whole, and nothing was taken for granted.</p>`;
  return html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

function table(id: string, columns: readonly Column[], rows: readonly Row[]): Html {
  const head = columns.map(({ head: text }) => html`<th scope="col">${text}</th>`);
  const body = rows.map(({ cells, data }) => {
    const attributes = Object.entries(data ?? {}).map(([name, value]) => html` data-${name}="${value}"`);
    return html`<tr${attributes}>${cells.map((value, i) => html`<td class="${columns[i].kind ?? ''}" data-head="${columns[i].head}"><div>${value}</div></td>`)}</tr>
`;
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${id.replace('-table', '')}"><table class="stack" id="${id}"><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function filters(id: string, noun: string, selects: readonly (readonly [string, readonly (readonly [string, string])[]])[]): Html {
  const choices = selects.map(([name, options]) => html`<select name="${name}" aria-label="${name}"><option value="">any ${name}</option>${options.map(([value, text]) => html`<option value="${value}">${text}</option>`)}</select>`);
  return html`<form class="filters" data-table="${id}" role="search"><input type="search" placeholder="Search ${noun}" aria-label="Search ${noun}">${choices}<output aria-live="polite"></output></form>`;
}

function tag(kind: string, text: string): Html {
  return html`<span class="tag ${kind}">${text}</span>`;
}

function code(text: string): Html {
  return html`<code>${text}</code>`;
}
