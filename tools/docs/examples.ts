/** A fenced block of a Markdown page. */
export interface Example {
  /** First word after the fence: `ts`, `sh`, … */
  readonly language: string;
  /** Words after it; `run` marks what the checks run. */
  readonly marks: readonly string[];
  readonly code: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
}

/** The fenced code blocks of a page, in order. Indented fences (inside lists) lose their indentation. */
export function examplesOf(markdown: string): Example[] {
  const examples: Example[] = [];
  let open: { indent: string; fence: string; language: string; marks: string[]; line: number; code: string[] } | undefined;
  for (const [index, text] of markdown.split('\n').entries()) {
    const [, indent = '', fence = '', info = ''] = /^(\s*)(`{3,})(.*)$/.exec(text) ?? [];
    if (open === undefined) {
      const [language = '', ...marks] = info.trim().split(/\s+/);
      if (fence !== '') open = { indent, fence, language, marks, line: index + 1, code: [] };
    } else if (fence.length >= open.fence.length && info.trim() === '') {
      const { language, marks, line, code } = open;
      examples.push({ language, marks, line, code: code.map((each) => `${each}\n`).join('') });
      open = undefined;
    } else {
      open.code.push(text.startsWith(open.indent) ? text.slice(open.indent.length) : text);
    }
  }
  return examples;
}
