import {useIsScreenReaderEnabled} from 'ink';
import {clampOffset, pressFilesPreview} from './files-preview-state.ts';
import {Lines, Reading, type Row, rowText} from './Line.tsx';
import {useKeys} from './use-keys.ts';
import {useWidgetState} from './use-widget-state.ts';

export type Page = {readonly title: string; readonly rows: readonly Row[]};

type Props = {
	readonly pages: readonly Page[];
	/** Rows to use at most; the first says which page it is, and which of its lines are shown. */
	readonly height: number;
	readonly width: number;
	readonly ascii?: boolean;
};

/** Pages to read, one at a time: ← → Tab turn them, ↑ ↓ Page Up, Page Down, Home and End move within one. */
export function Pages({pages, height, width, ascii = false}: Props) {
	const rows = Math.max(1, height - 1);
	const extent = {lines: pages.map(page => page.rows.length), rows};
	const [state, update] = useWidgetState(() => ({file: 0, offset: 0}));
	useKeys((input, key) => {
		const press = input === ' ' ? {input: '', key: {...key, pageDown: true}} : {input, key};
		update(current => pressFilesPreview(current, press, extent));
	});
	const isRead = useIsScreenReaderEnabled();
	const index = Math.min(state.file, pages.length - 1);
	const page = pages[index];
	if (page === undefined) return undefined;
	const which = pages.length === 1 ? '' : `  ${index + 1} of ${pages.length}`;
	if (isRead) {
		const sentences = page.rows.map(row => rowText(row).trim()).filter(text => text !== '');
		return <Reading sentences={[`${page.title}${which}`, ...sentences]} />;
	}
	const offset = clampOffset({file: index, offset: state.offset}, extent);
	const shown = page.rows.slice(offset, offset + rows);
	const position =
		page.rows.length > rows ? `lines ${offset + 1} to ${offset + shown.length} of ${page.rows.length}` : '';
	const head: Row = [
		{text: ` ${page.title}`, bold: true},
		{text: `${which}${position === '' ? '' : `  ${position}`}`, dim: true}
	];
	return <Lines rows={[head, ...shown].slice(0, Math.max(1, height))} width={width} ascii={ascii} />;
}
