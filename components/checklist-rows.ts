import {cellWidth, pad} from './cells.ts';
import type {Row} from './Line.tsx';
import {type Mark, markColor, markText, markWord} from './marks.ts';

export type ChecklistItem = {readonly id: string; readonly mark: Mark; readonly text: string};

/** One row of a checklist: mark, id in a column of `column` cells, and what is the case. */
export function stepRow({id, mark, text}: ChecklistItem, column: number, ascii: boolean): Row {
	return [
		{text: ' '},
		{text: pad(markText(mark, ascii), ascii ? 3 : 1), color: markColor(mark)},
		{text: ` ${pad(id, column)}`, bold: mark === 'now', dim: mark === 'todo'},
		{text: `  ${text === '' ? markWord(mark) : text}`, dim: mark === 'todo'}
	];
}

/** The whole list; neighbours that have not been reached share one row. */
export function checklistRows(items: readonly ChecklistItem[], ascii: boolean): readonly Row[] {
	const column = Math.max(0, ...items.map(({id}) => cellWidth(id)));
	return foldTodo(items, ascii ? ', ' : ' · ').map(item => stepRow(item, column, ascii));
}

/** The list in one row: the step that is being looked at, and how far it is (`boot · 3 of 8`). */
export function compactRow(items: readonly ChecklistItem[], ascii: boolean): Row {
	const found = items.findIndex(({mark}) => mark === 'now');
	const open = found === -1 ? items.findIndex(({mark}) => mark !== 'done') : found;
	const item = items[open];
	const dot = ascii ? ' - ' : ' · ';
	const position = `${dot}${open === -1 ? items.length : open + 1} of ${items.length}`;
	if (!item) return [{text: `all done${position}`}];
	const word = item.mark === 'now' || item.mark === 'todo' ? '' : dot + markWord(item.mark);
	return [{text: item.id, bold: true}, {text: position}, {text: word, color: markColor(item.mark)}];
}

function foldTodo(items: readonly ChecklistItem[], separator: string): readonly ChecklistItem[] {
	const folded: ChecklistItem[] = [];
	for (const [index, item] of items.entries()) {
		const last = folded.at(-1);
		if (item.mark !== 'todo' || last?.mark !== 'todo') {
			folded.push(item);
			continue;
		}
		// The first of a run gives way to the ids of the others: none of them has anything to tell yet.
		const isSecond = items[index - 2]?.mark !== 'todo';
		folded[folded.length - 1] = {...last, text: isSecond ? item.id : last.text + separator + item.id};
	}
	return folded;
}
