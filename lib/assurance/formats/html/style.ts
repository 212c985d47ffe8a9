/** The report's style: readable on paper, in light and in dark, without anything from outside. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#fff;--fg:#1b2430;--soft:#5a6675;--line:#d7dde5;--card:#f5f7fa;--accent:#0b57d0;
--proven:#0a7a3d;--checked:#2f7d9c;--declared:#8a6d00;--undetermined:#8a4fbf;--open:#c2251a;--not_built:#6b7683}
@media (prefers-color-scheme:dark){:root{--bg:#12171e;--fg:#e6ebf1;--soft:#9aa7b6;--line:#2d3743;--card:#1a212a;--accent:#8ab4ff;
--proven:#5fd08d;--checked:#74c6e6;--declared:#e3c04a;--undetermined:#c9a0ff;--open:#ff8a80;--not_built:#93a0af}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
a{color:var(--accent)}a:focus-visible,button:focus-visible,input:focus-visible,summary:focus-visible,select:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;background:var(--bg);padding:8px;z-index:9}
header,main{max-width:1240px;margin:0 auto;padding:16px}
h1{font-size:1.7rem;margin:.2em 0}h2{font-size:1.25rem;margin:2em 0 .6em;border-bottom:1px solid var(--line);padding-bottom:.2em}
p.note{color:var(--soft);max-width:75ch}
nav{position:sticky;top:0;z-index:3;background:var(--bg);border-bottom:1px solid var(--line)}
nav ul{display:flex;flex-wrap:wrap;gap:2px 14px;list-style:none;margin:0 auto;padding:8px 16px;max-width:1240px}
nav a{text-decoration:none}nav a:hover{text-decoration:underline}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(130px,1fr));gap:10px;padding:0;list-style:none}
.tiles li{background:var(--card);border:1px solid var(--line);border-left:5px solid var(--c,var(--line));border-radius:8px;padding:10px 12px}
.tiles b{display:block;font-size:1.6rem;line-height:1.2;font-variant-numeric:tabular-nums}
.bar{display:flex;height:14px;border-radius:7px;overflow:hidden;margin:12px 0;background:var(--line)}.bar i{display:block;background:var(--c)}
.filters{display:flex;flex-wrap:wrap;gap:8px;margin:10px 0}
.filters input,.filters select{font:inherit;color:inherit;background:var(--bg);border:1px solid var(--soft);border-radius:6px;padding:6px 10px}
.filters input{flex:1 1 220px}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:8px}
table{border-collapse:collapse;width:100%;font-size:.93rem}
th,td{text-align:left;vertical-align:top;padding:6px 10px;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
th{background:var(--card);position:sticky;top:0;white-space:nowrap}tbody tr:last-child td{border-bottom:0}
td.id{white-space:nowrap;font-weight:600;overflow-wrap:normal}td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
code{font:.88em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.tag{display:inline-block;border:1px solid var(--c,var(--soft));color:var(--c,var(--soft));border-radius:999px;padding:0 9px;font-size:.82rem;white-space:nowrap;font-weight:600}
details{margin:2px 0}summary{cursor:pointer;white-space:nowrap;color:var(--soft)}details ul{margin:4px 0;padding-left:18px}
.s-PROVEN{--c:var(--proven)}.s-CHECKED{--c:var(--checked)}.s-DECLARED{--c:var(--declared)}.s-UNDETERMINED{--c:var(--undetermined)}.s-OPEN{--c:var(--open)}.s-NOT_BUILT{--c:var(--not_built)}
.v-CRITICAL,.v-HIGH,.p-REFUTED{--c:var(--open)}.v-MEDIUM,.p-PROVED_VACUOUSLY{--c:var(--declared)}.v-LOW,.p-NOT_APPLICABLE{--c:var(--not_built)}.p-PROVED{--c:var(--proven)}.p-UNDETERMINED{--c:var(--undetermined)}
figure{margin:0;overflow-x:auto;border:1px solid var(--line);border-radius:8px;background:var(--card);padding:8px}
figure svg{display:block;max-width:none;height:auto}figcaption{color:var(--soft);font-size:.9rem;padding:6px}
svg text{fill:var(--fg);font:12px system-ui,sans-serif}svg .zone{fill:none;stroke:var(--soft);stroke-dasharray:5 4}svg .zone.vpc{fill:var(--bg);stroke:var(--checked);stroke-dasharray:none}
svg .node{fill:var(--bg);stroke:var(--line)}svg .WORKLOAD{stroke:var(--accent)}svg .STORE{stroke:var(--proven)}svg .DOOR{stroke:var(--declared)}
svg .edge{fill:none;stroke:var(--soft);opacity:.75}svg .soft{fill:var(--soft);font-size:10.5px}svg .head{font-weight:600}svg marker path{fill:var(--soft)}
footer{color:var(--soft);font-size:.88rem;margin:3em 0 1em}
[hidden]{display:none!important}
@media print{nav,.filters,.skip{display:none}body{font-size:10.5px}header,main{max-width:none;padding:0}.scroll,figure{overflow:visible;border:0}
th{position:static}tr{break-inside:avoid}h2{break-after:avoid}details:not([open])>*:not(summary){display:revert}details::details-content{content-visibility:visible;display:contents}figure svg{max-width:100%}}
@media (max-width:640px){table.stack thead{display:none}table.stack tr{display:block;border-bottom:1px solid var(--line);padding:6px 0}table.stack td{display:grid;grid-template-columns:92px 1fr;border:0;padding:2px 10px}
table.stack td::before{content:attr(data-head);color:var(--soft)}table.stack td.n{text-align:left}}
`;
