/** Light and dark as the system says; colours with a contrast of 4.5 or more. */
export const style = `
:root { color-scheme: light dark; --line: light-dark(#d5dae1, #39414d); --soft: light-dark(#f4f6f9, #171b21);
  --card: light-dark(#fff, #20262e); --text: light-dark(#1b2430, #e6eaf0); --dim: light-dark(#546071, #a5b0bf);
  --main: light-dark(#1f5fbf, #7fb0ff); --on: light-dark(#fff, #0d1420); --good: light-dark(#17683a, #77d49a);
  --bad: light-dark(#a3211d, #ff9c96); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--soft); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1rem 4rem; display: grid; gap: 1.25rem; }
header p, .hint { color: var(--dim); margin: 0; } h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.1rem; margin: 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1.25rem; display: grid; gap: 1rem; }
form { display: grid; gap: 1rem; } .field { display: grid; gap: .25rem; } label, legend { font-weight: 600; }
.hint { font-size: .875rem; font-weight: 400; }
fieldset { border: 1px solid var(--line); border-radius: 8px; padding: 1rem; margin: 0; display: grid; gap: 1rem; min-width: 0; }
input:not([type=checkbox]), select, textarea { font: inherit; color: inherit; background: var(--soft); width: 100%;
  border: 1px solid light-dark(#7b8797, #75808f); border-radius: 8px; padding: .5rem .65rem; }
textarea { min-height: 6rem; font-family: ui-monospace, monospace; font-size: .875rem; }
.check { display: flex; gap: .6rem; align-items: start; } .check input { margin-top: .35rem; }
.row { display: flex; gap: .75rem; flex-wrap: wrap; align-items: center; }
button, .button { font: inherit; font-weight: 600; padding: .5rem 1rem; border-radius: 8px; cursor: pointer;
  border: 1px solid var(--main); background: transparent; color: var(--main); text-decoration: none; }
button.main { background: var(--main); color: var(--on); }
:focus-visible { outline: 3px solid var(--main); outline-offset: 2px; }
.note { border: 1px solid; border-radius: 8px; padding: .75rem 1rem; } .good { color: var(--good); } .bad { color: var(--bad); }
.note ul, .note p { margin: .25rem 0 0; } .note * { overflow-wrap: anywhere; } details { color: var(--dim); }
.plugin { display: flex; gap: 1rem; justify-content: space-between; align-items: center; border-top: 1px solid var(--line); padding-top: .75rem; }
.plugin p { margin: 0; } .tag { font-size: .75rem; border: 1px solid var(--good); color: var(--good); border-radius: 99px; padding: 0 .5rem; }
code { font-size: .875rem; overflow-wrap: anywhere; } a { color: var(--main); }
`;
