import { createHash } from 'node:crypto';

/** Search and filter of the tables. Without it everything is shown. */
export const SCRIPT = `
for (const form of document.querySelectorAll('.filters')) {
  const rows = [...document.getElementById(form.dataset.table).tBodies[0].rows];
  const count = form.querySelector('output');
  const apply = () => {
    const words = form.querySelector('input').value.toLowerCase().split(/\\s+/).filter(Boolean);
    const picked = [...form.querySelectorAll('select')].map((s) => [s.name, s.value]).filter(([, value]) => value);
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((w) => text.includes(w)) || !picked.every(([name, value]) => row.dataset[name] === value);
      if (!row.hidden) shown += 1;
    }
    count.textContent = shown + ' of ' + rows.length;
  };
  form.addEventListener('input', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  apply();
}
`;

/** The only script that the report's policy lets run: no other, whatever the evidence holds. */
export const SCRIPT_HASH = `sha256-${createHash('sha256').update(SCRIPT).digest('base64')}`;
