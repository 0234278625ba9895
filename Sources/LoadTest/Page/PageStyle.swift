/// How the pages look: on light and dark screens, wide and narrow ones, and on paper.
enum PageStyle {
  static let text = """
    :root {
      --paper: #ffffff; --card: #f6f7f9; --ink: #16191d; --soft: #5a6270; --line: #dfe3e8;
      --one: #0b5cbd; --two: #c2410c; --three: #15803d; --four: #7c3aed; --alarm: #b42318;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #13161b; --card: #1c2027; --ink: #e9ebee; --soft: #a2abb8; --line: #323945;
        --one: #74b3ff; --two: #ff9f63; --three: #64d28e; --four: #c5a8ff; --alarm: #ff9a8f;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0; background: var(--paper); color: var(--ink);
      font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Liberation Sans", sans-serif;
    }
    main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.5rem 3rem; }
    h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .35rem; letter-spacing: -.01em; }
    h2 { font-size: 1.15rem; margin: 0 0 .25rem; }
    section { margin-top: 2.5rem; }
    p { margin: .25rem 0; }
    .soft, figcaption { color: var(--soft); }
    .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.4rem, 1fr));
      gap: .75rem; margin: 1.75rem 0 0; padding: 0; }
    .figures div { background: var(--card); border: 1px solid var(--line); border-radius: .6rem;
      padding: .8rem 1rem; }
    .figures dt { color: var(--soft); font-size: .85rem; }
    .figures dd { margin: 0; font-size: 1.55rem; font-weight: 650; line-height: 1.3;
      font-variant-numeric: tabular-nums; white-space: nowrap; }
    .figures .alarm dd { color: var(--alarm); }
    .notes { border-left: .25rem solid var(--two); background: var(--card); padding: .7rem 1rem;
      margin: 1.25rem 0 0; border-radius: 0 .6rem .6rem 0; }
    .notes p + p { margin-top: .4rem; }
    figure { margin: .75rem 0 0; }
    figcaption { font-size: .9rem; }
    svg { display: block; width: 100%; height: auto; }
    svg text { font: 12px system-ui, -apple-system, "Segoe UI", "Liberation Sans", sans-serif;
      fill: var(--soft); }
    .grid { stroke: var(--line); stroke-width: 1; }
    .axis { stroke: var(--soft); stroke-width: 1; }
    .curve { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
    .s1 { stroke: var(--one); } .s2 { stroke: var(--two); stroke-dasharray: 7 4; }
    .s3 { stroke: var(--three); stroke-dasharray: 2 4; }
    .s4 { stroke: var(--four); stroke-dasharray: 10 4 2 4; }
    .dot { stroke-width: 1.5; stroke-dasharray: none; fill: var(--paper); }
    .keys { display: flex; flex-wrap: wrap; gap: .25rem 1.4rem; margin: .4rem 0 0; padding: 0;
      list-style: none; font-size: .9rem; }
    .keys svg { display: inline-block; width: 2.2rem; height: .7rem; margin-right: .45rem; }
    .scroll { overflow-x: auto; }
    .scroll + .scroll { margin-top: 1.6rem; }
    table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums;
      font-size: .93rem; margin-top: .5rem; }
    caption { text-align: left; font-weight: 600; padding-bottom: .2rem; }
    th, td { padding: .38rem .7rem; border-bottom: 1px solid var(--line); text-align: right;
      vertical-align: top; }
    th { font-weight: 500; }
    thead th { color: var(--soft); border-bottom-color: var(--soft); white-space: nowrap; }
    th:first-child, td:first-child { text-align: left; padding-left: 0; }
    th:last-child, td:last-child { padding-right: 0; }
    .measures td { white-space: nowrap; }
    .measures + p { margin-top: .7rem; font-size: .9rem; }
    .facts td { text-align: left; overflow-wrap: anywhere; }
    .facts th { color: var(--soft); white-space: nowrap; }
    .columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(19rem, 1fr)); gap: 0 3rem; }
    footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line);
      color: var(--soft); font-size: .85rem; }
    @media (max-width: 40rem) {
      main { padding: 1.25rem 1rem 2rem; }
      .wide { overflow-x: auto; } .wide svg { min-width: 36rem; }
    }
    @media print {
      :root {
        --paper: #ffffff; --card: #ffffff; --ink: #000000; --soft: #444444; --line: #bbbbbb;
        --one: #0b4c9c; --two: #b3400a; --three: #0f6b32; --four: #5b21b6; --alarm: #a11a10;
      }
      @page { margin: 16mm; }
      body { font-size: 10.5pt; }
      main { max-width: none; padding: 0; }
      section { margin-top: 1.5rem; }
      figure, tr, .figures, .notes { break-inside: avoid; }
      h2, caption { break-after: avoid; }
      .figures dd { font-size: 1.25rem; }
      table { font-size: 9pt; }
      th, td { padding: .25rem .4rem; }
      .figures { grid-template-columns: repeat(6, 1fr); gap: .4rem; }
      .figures div { padding: .45rem .6rem; }
    }
    """
}
