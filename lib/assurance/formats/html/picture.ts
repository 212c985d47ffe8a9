import type { DataFlow, FlowNode, FlowZone } from '../../evidence/data-flow';
import { html, type Html } from './escape';

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const NODE = { width: 210, height: 40, gap: 12 };
const PAD = 16;
const HEAD = 26;
const COLUMN = NODE.width + 130;
const SHOWN = 14;

/** Zones as boxes, workloads left, stores right, data flow as curves between them. */
export function picture({ zones, nodes, edges }: DataFlow): Html {
  const boxes = new Map<string, Box>();
  const parts: Html[] = [];
  let y = PAD;
  for (const account of zones.filter(({ parent }) => parent === undefined)) {
    const { bottom, drawn } = accountBox(account, zones, nodes, y, boxes);
    parts.push(drawn);
    y = bottom + PAD;
  }
  const width = PAD * 2 + COLUMN + NODE.width + PAD * 4;
  const lines = edges.flatMap(({ from, to, how }) => {
    const [a, b] = [boxes.get(from), boxes.get(to)];
    return a && b ? [edge(a, b, how)] : [];
  });
  return html`<svg viewBox="0 0 ${width} ${y}" width="${width}" height="${y}" role="img" aria-label="${summaryOf(zones, nodes, edges.length)}">
<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0 8 4 0 8z"/></marker></defs>
${parts}${lines}</svg>`;
}

function summaryOf(zones: readonly FlowZone[], nodes: readonly FlowNode[], edges: number): string {
  const count = (kind: FlowNode['kind']): number => nodes.filter((node) => node.kind === kind).length;
  const accounts = zones.filter(({ parent }) => parent === undefined).length;
  return `${accounts} accounts, ${zones.length - accounts} networks, ${count('WORKLOAD')} workloads, ${count('STORE')} stores, ${edges} data flows`;
}

function accountBox(
  account: FlowZone,
  zones: readonly FlowZone[],
  nodes: readonly FlowNode[],
  top: number,
  boxes: Map<string, Box>,
): { bottom: number; drawn: Html } {
  const left = PAD * 2;
  const right = left + COLUMN;
  const drawn: Html[] = [];
  let y = top + HEAD;
  for (const vpc of zones.filter(({ parent }) => parent === account.id)) {
    const own = nodes.filter(({ zone }) => zone === vpc.id);
    const list = column(own, left + PAD / 2, y + HEAD, boxes);
    drawn.push(zone(vpc.label, { x: left - PAD / 2, y, width: NODE.width + PAD * 2, height: list.bottom - y + PAD / 2 }, 'vpc'), list.drawn);
    y = list.bottom + PAD * 1.5;
  }
  const outside = nodes.filter(({ zone: id }) => id === account.id);
  const workloads = column(outside.filter(({ kind }) => kind !== 'STORE'), left + PAD / 2, y, boxes);
  const stores = column(outside.filter(({ kind }) => kind === 'STORE'), right, top + HEAD, boxes);
  const bottom = Math.max(workloads.bottom, stores.bottom, y) + PAD / 2;
  const frame = { x: PAD, y: top, width: COLUMN + NODE.width + PAD * 3, height: bottom - top };
  return { bottom, drawn: html`${zone(account.label, frame, 'account')}${drawn}${workloads.drawn}${stores.drawn}` };
}

/** Doors of one service are many and alike: they are counted, not listed. */
function column(nodes: readonly FlowNode[], x: number, top: number, boxes: Map<string, Box>): { bottom: number; drawn: Html } {
  const doors = nodes.filter(({ type }) => type === 'AWS::EC2::VPCEndpoint');
  const listed = nodes.filter(({ type }) => type !== 'AWS::EC2::VPCEndpoint');
  const shown = listed.slice(0, SHOWN);
  const rows: { label: string; type: string; kind: FlowNode['kind']; ids: string[] }[] = shown.map(({ id, label, type, kind }) => ({ label, type, kind, ids: [id] }));
  if (listed.length > shown.length) {
    const rest = listed.slice(SHOWN);
    rows.push({ label: `${rest.length} more`, type: '', kind: rest[0].kind, ids: rest.map(({ id }) => id) });
  }
  if (doors.length > 0) rows.push({ label: `${doors.length} endpoints to AWS services`, type: 'AWS::EC2::VPCEndpoint', kind: 'DOOR', ids: [] });
  let y = top;
  const drawn = rows.map(({ label, type, kind, ids }) => {
    const box = { x, y, width: NODE.width, height: NODE.height };
    for (const id of ids) boxes.set(id, box);
    y += NODE.height + NODE.gap;
    return nodeBox(box, label, type, kind);
  });
  return { bottom: rows.length === 0 ? top : y - NODE.gap, drawn: html`${drawn}` };
}

function nodeBox({ x, y, width, height }: Box, label: string, type: string, kind: FlowNode['kind']): Html {
  return html`<g><title>${label} ${type}</title><rect class="node ${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="7"/><text x="${x + 10}" y="${y + 17}">${short(label, 33)}</text><text class="soft" x="${x + 10}" y="${y + 32}">${short(type.replace('AWS::', '').replace('::', ' '), 36)}</text></g>
`;
}

function zone(label: string, { x, y, width, height }: Box, kind: 'account' | 'vpc'): Html {
  return html`<rect class="zone ${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="10"/><text class="head" x="${x + 10}" y="${y + 18}">${short(label, kind === 'vpc' ? 34 : 80)}</text>
`;
}

function edge(a: Box, b: Box, how: DataFlow['edges'][number]['how']): Html {
  const forward = a.x + a.width <= b.x;
  const [x1, y1] = [a.x + a.width, a.y + a.height / 2];
  const [x2, y2] = forward ? [b.x, b.y + b.height / 2] : [b.x + b.width, b.y + b.height / 2];
  const bend = forward ? (x2 - x1) / 2 : 40;
  const path = `M${x1} ${y1}C${x1 + bend} ${y1} ${forward ? x2 - bend : x2 + bend} ${y2} ${x2} ${y2}`;
  // Data comes to who reads, and goes from who writes.
  const start = how === 'READS' || how === 'BOTH' ? html` marker-start="url(#arrow)"` : undefined;
  const end = how === 'READS' ? undefined : html` marker-end="url(#arrow)"`;
  return html`<path class="edge" d="${path}"${start}${end}/>
`;
}

function short(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
