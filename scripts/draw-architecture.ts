/** Draws the pictures of `docs/architecture.md` from the templates that the examples synthesise, with the drawing of the evidence report. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { dataFlowOf } from '../lib/assurance/evidence/data-flow';
import { picture } from '../lib/assurance/formats/html/picture';
import { JudgedApp } from '../lib/assurance/rules/judged-app';
import { TemplateModel } from '../lib/assurance/template';
import { ConstructMetadata, readAssembly } from '../lib/assurance/template-source';

const ROOT = path.resolve(__dirname, '..');
const DRAWN = ['minimal', 'multi-account'];

/** An image in a document has no page around it whose colours it could take. */
const STYLE = [
  'svg{background:#fff}text{fill:#1b1f24;font:12px system-ui,sans-serif}',
  '.zone{fill:none;stroke:#59636e;stroke-dasharray:5 4}.zone.vpc{fill:#f6f8fa;stroke:#0969da;stroke-dasharray:none}',
  '.node{fill:#fff;stroke:#d1d9e0}.WORKLOAD{stroke:#0969da}.STORE{stroke:#1a7f37}.DOOR{stroke:#9a6700}',
  '.edge{fill:none;stroke:#59636e;opacity:.75}.soft{fill:#59636e;font-size:10.5px}.head{font-weight:600}marker path{fill:#59636e}',
].join('\n');

/** The pictures by their files; the same bytes for the same templates. */
export function architecturePictures(): Map<string, string> {
  return new Map(DRAWN.map((example) => [`docs/pictures/${example}.svg`, drawingOf(example)]));
}

function drawingOf(example: string): string {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-secure-ai-picture-'));
  try {
    execFileSync(process.execPath, [path.join(ROOT, 'node_modules/tsx/dist/cli.mjs'), 'app.ts'], {
      cwd: path.join(ROOT, 'examples', example),
      env: { ...process.env, CDK_OUTDIR: outdir, CDK_VALIDATION: 'false' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const metadata = ConstructMetadata.read(outdir);
    const app = new JudgedApp(TemplateModel.of(readAssembly(outdir)));
    const { text } = picture(dataFlowOf(app, ({ constructPath, stack, logicalId }) => constructPath ?? metadata.constructPathOf(stack.id, logicalId)));
    return `${text.replace(/^<svg /, '<svg xmlns="http://www.w3.org/2000/svg" ').replace('<defs>', `<style>\n${STYLE}\n</style>\n<defs>`)}\n`;
  } finally {
    fs.rmSync(outdir, { recursive: true, force: true });
  }
}
