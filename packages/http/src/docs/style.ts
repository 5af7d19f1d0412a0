/** The page's one style sheet: system fonts, light and dark as the reader's system asks. */

export const style = `
:root { color-scheme: light dark; --ink: #1c2127; --paper: #fdfdfc; --soft: #f1f2f0; --line: #d9dcd8; --link: #1f5f8b; --quiet: #59636e }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e6e8; --paper: #15181b; --soft: #1f2428; --line: #363d43; --link: #7ab8e0; --quiet: #9aa4ae }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.6 system-ui, sans-serif }
main { max-width: 58rem; margin: 0 auto; padding: 1.5rem 1rem 6rem }
a { color: var(--link) }
h1 { line-height: 1.2 }
h2 { margin-top: 3rem; border-bottom: 1px solid var(--line) }
section { margin-top: 2.5rem }
section h3 { font-size: 1.15rem; margin-bottom: .25rem }
h4 { margin: 1.25rem 0 .25rem; color: var(--quiet); font-size: .9rem }
code { font: .875em/1.5 ui-monospace, monospace }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: .75rem 1rem; overflow-x: auto; margin: .5rem 0 }
table { border-collapse: collapse; width: 100%; font-size: .925rem }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-top: 1px solid var(--line) }
th { white-space: nowrap; font-weight: 600 }
summary { cursor: pointer; color: var(--link) }
nav ul { columns: 20rem; padding: 0; list-style: none }
:target { outline: 2px solid var(--link); outline-offset: 6px; border-radius: 4px }
.method { display: inline-block; min-width: 4.5rem; font: 600 .8rem/1.8 ui-monospace, monospace; text-align: center; border: 1px solid currentColor; border-radius: 4px }
.get { color: #2c7a4b } .post { color: #1f5f8b } .patch { color: #8a6100 } .delete { color: #b3382c }
@media (prefers-color-scheme: dark) { .get { color: #7fcf9f } .post { color: #7ab8e0 } .patch { color: #e0b860 } .delete { color: #f09a90 } }
`;
