/** The look of the console (services/console/src/styles.css): its colours by use, its panels, its sizes. Nothing is fetched. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --page: light-dark(#f3f5f4, #101514);
  --card: light-dark(#ffffff, #181f1d);
  --raised: light-dark(#f7f9f8, #1f2725);
  --line: light-dark(#dfe5e3, #2b3532);
  --ink: light-dark(#14201d, #e8efed);
  --soft: light-dark(#52625d, #9fb0ab);
  --accent: light-dark(#0f6b5c, #4cc2ab);
  --accent-wash: light-dark(#e2f2ee, #173a34);
  --text-value: light-dark(#7a4a12, #e3b878);
  --radius: 12px;
  font-family: 'Inter Variable', system-ui, sans-serif;
  font-size: 16px;
  line-height: 1.5;
  scroll-padding-top: 4.5rem;
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); }
h1, h2, h3, h4, p, ul, ol, dl, dd, figure { margin: 0; padding: 0; }
a { color: var(--accent); text-underline-offset: 0.15em; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 6px; }
code, pre { font-family: ui-monospace, 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', monospace; font-size: 0.86em; }
p code, li code, td code, dd code { overflow-wrap: anywhere; }
.muted { color: var(--soft); }

.top-bar {
  position: sticky; top: 0; z-index: 2;
  display: flex; flex-wrap: wrap; align-items: center; gap: 0.4rem 1rem;
  padding: 0.7rem 1.5rem;
  background: var(--card); border-bottom: 1px solid var(--line);
}
.brand { font-weight: 700; letter-spacing: -0.01em; color: inherit; text-decoration: none; }
.where { font-weight: 600; padding-left: 1rem; border-left: 1px solid var(--line); }
.top-bar nav { margin-left: auto; display: flex; gap: 1rem; font-size: 0.9rem; font-weight: 550; }
.mark { width: 1.6em; height: 1.6em; vertical-align: -0.4em; }
.mark rect { fill: var(--accent); }
.mark path { fill: none; stroke: light-dark(#fff, #06231e); stroke-width: 2.4; stroke-linecap: round; stroke-linejoin: round; }

.layout {
  display: grid; grid-template-columns: 14rem minmax(0, 58rem); gap: 2.5rem; justify-content: center;
  padding: 1.75rem 1.5rem 4rem;
}
.contents { position: sticky; top: 4.6rem; align-self: start; max-height: calc(100vh - 6rem); overflow-y: auto; font-size: 0.9rem; }
.contents section + section { margin-top: 1.1rem; }
.contents h2 { font-size: 0.78rem; font-weight: 650; color: var(--soft); padding: 0 0.6rem 0.25rem; }
.contents ul { list-style: none; display: grid; gap: 0.1rem; }
.contents a { display: block; padding: 0.22rem 0.6rem; border-radius: 8px; color: inherit; text-decoration: none; }
.contents a:hover { background: var(--accent-wash); color: var(--accent); }

main { display: grid; gap: 1.25rem; min-width: 0; }
h1 { font-size: 2rem; font-weight: 680; letter-spacing: -0.025em; line-height: 1.2; }
h2.part { font-size: 1.35rem; font-weight: 670; letter-spacing: -0.02em; margin-top: 1.4rem; }
.lead { font-size: 1.08rem; color: var(--soft); max-width: 46rem; margin-top: 0.6rem; }
.panel {
  background: var(--card); border: 1px solid var(--line); border-radius: var(--radius);
  padding: 1.3rem 1.4rem; min-width: 0; display: grid; gap: 0.9rem;
}
.panel > * { min-width: 0; }
.panel h3 { font-size: 1.12rem; font-weight: 660; letter-spacing: -0.01em; }
.panel h4 { font-size: 0.92rem; font-weight: 650; margin-top: 0.3rem; }
.panel p, .panel li { max-width: 46rem; }
.panel ul, .panel ol { padding-left: 1.2rem; display: grid; gap: 0.35rem; }
.event-head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.3rem 0.8rem; }
.event-head h3 a { color: inherit; text-decoration: none; }
.event-head h3 a:hover::after { content: ' #'; color: var(--soft); }
.badge {
  font-size: 0.78rem; font-weight: 600; padding: 0.12rem 0.55rem; border-radius: 99px;
  background: var(--raised); color: var(--soft); white-space: nowrap;
}
.badge-accent { background: var(--accent-wash); color: var(--accent); }
.rules { display: grid; grid-template-columns: repeat(auto-fit, minmax(19rem, 1fr)); gap: 1.1rem 2rem; }
.rules dt { font-weight: 650; }
.rules dd { color: var(--soft); font-size: 0.93rem; }

.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.92rem; }
th { text-align: left; font-weight: 600; font-size: 0.8rem; color: var(--soft); padding: 0 0.9rem 0.35rem 0; }
td { vertical-align: top; padding: 0.5rem 0.9rem 0.5rem 0; border-top: 1px solid var(--line); }
td:last-child, th:last-child { padding-right: 0; }
td.name { white-space: nowrap; font-weight: 600; }
td.kind { white-space: nowrap; color: var(--soft); }
details { margin-top: 0.3rem; }
summary { cursor: pointer; color: var(--accent); font-weight: 550; }
.values { margin-top: 0.4rem; display: grid; gap: 0.35rem; font-size: 0.9rem; }
.values dt { font-weight: 600; overflow-wrap: anywhere; }
.values dd { color: var(--soft); }

.code { border: 1px solid var(--line); border-radius: 10px; overflow: hidden; background: var(--raised); }
.code figcaption { font-size: 0.8rem; font-weight: 600; color: var(--soft); padding: 0.45rem 0.9rem; border-bottom: 1px solid var(--line); }
.code pre { margin: 0; padding: 0.8rem 0.9rem; overflow-x: auto; line-height: 1.5; }
.json-name { color: var(--accent); }
.json-text { color: var(--text-value); }
.links { display: flex; flex-wrap: wrap; gap: 0.4rem 1.2rem; font-size: 0.92rem; }

@media (max-width: 60rem) {
  .layout { grid-template-columns: minmax(0, 1fr); gap: 1.25rem; padding-inline: 1rem; }
  .contents { position: static; max-height: none; columns: 2; }
  .contents section { break-inside: avoid; }
  .top-bar { position: static; }
  h1 { font-size: 1.6rem; }
}
@media (max-width: 40rem) {
  .rules { grid-template-columns: minmax(0, 1fr); }
  .contents a, .contents h2 { padding-inline: 0; }
  .panel { padding: 1.1rem 1rem; }
  .top-bar nav { margin-left: 0; }
  /* A row is a small card here: name, type and presence in one line, what it is below. */
  table, tbody { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { display: flex; flex-wrap: wrap; gap: 0.1rem 0.9rem; padding: 0.55rem 0; border-top: 1px solid var(--line); }
  td { display: block; border: 0; padding: 0; }
  td:last-child { flex-basis: 100%; }
}
@media print {
  .top-bar, .contents { position: static; }
  .layout { display: block; }
  details > * { display: block; }
}
`;
