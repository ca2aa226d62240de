import {useIsScreenReaderEnabled} from 'ink';
import {cellWidth, expandTabs, pad} from './cells.ts';
import {clampOffset, pressFilesPreview} from './files-preview-state.ts';
import {Lines, Reading, type Row} from './Line.tsx';
import {scrollTo} from './select-state.ts';
import {useKeys} from './use-keys.ts';
import {useWidgetState} from './use-widget-state.ts';

/** A file that is to be written; `exists` where one of that name is there already. */
export type PreviewedFile = {readonly path: string; readonly content: string; readonly exists: boolean};

type Props = {
	readonly folder: string;
	readonly files: readonly PreviewedFile[];
	/** Rows to use at most. */
	readonly height: number;
	readonly width: number;
	readonly isActive: boolean;
	readonly ascii?: boolean;
};

/** The files that are to be written into `folder`, and what will be in the highlighted one. */
export function FilesPreview({folder, files, height, width, isActive, ascii = false}: Props) {
	const contents = files.map(({content}) => content.replace(/\n$/, '').split('\n'));
	const listed = Math.max(0, Math.min(files.length, Math.floor((height - 2) / 2)));
	const rows = Math.max(1, height - listed - 2);
	const extent = {lines: contents.map(({length}) => length), rows};
	const [state, update] = useWidgetState(() => ({file: 0, offset: 0}));
	useKeys((input, key) => update(current => pressFilesPreview(current, {input, key}, extent)), {isActive});
	const isRead = useIsScreenReaderEnabled();

	const index = Math.min(state.file, files.length - 1);
	const file = files[index];
	const content = contents[index];
	if (!file || !content) return <Lines rows={[[{text: `${folder}: no files`}]]} width={width} ascii={ascii} />;
	if (isRead) {
		const names = files.map(({path, exists}) => `${path}: ${existence(exists)}`);
		return <Reading sentences={[`folder: ${folder}`, ...names, `${file.path} reads:`, ...content]} />;
	}
	const offset = clampOffset({file: index, offset: state.offset}, extent);
	const first = scrollTo(0, index, {count: files.length, rows: Math.max(1, listed)});
	const column = Math.max(...files.map(({path}) => cellWidth(path)));
	const list = files.slice(first, first + listed).map(({path, exists}, row): Row => {
		const isShown = first + row === index;
		const pointer = isShown ? (ascii ? '>' : '❯') : ' ';
		const style = isShown ? {color: 'blue'} : {};
		return [
			{text: ` ${pointer} ${pad(path, column)}`, ...style},
			{text: `  ${existence(exists)}`, dim: !exists}
		];
	});
	const text = content.slice(offset, offset + rows).map((line): Row => [{text: `   ${expandTabs(line, 4)}`}]);
	const position = `${file.path}, lines ${offset + 1} to ${Math.min(offset + rows, content.length)} of ${content.length}`;
	const all: readonly Row[] = [
		[{text: ` ${folder}`, bold: true}],
		...list,
		[{text: ` ${position}`, dim: true}],
		...text
	];
	return <Lines rows={all.slice(0, Math.max(1, height))} width={width} ascii={ascii} />;
}

function existence(exists: boolean): string {
	return exists ? 'exists already' : 'new';
}
