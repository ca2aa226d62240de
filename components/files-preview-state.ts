import type {Press} from './use-keys.ts';

export type FilesPreviewState = {
	/** The highlighted file. */
	readonly file: number;
	/** Lines of it above the window. */
	readonly offset: number;
};

/** Lines of each file, and the rows its window has. */
export type FilesPreviewExtent = {readonly lines: readonly number[]; readonly rows: number};

/** The state after one key press: ← → Tab change the file, ↑ ↓ j k, Page Up, Page Down, Home and End scroll in it. */
export function pressFilesPreview(
	state: FilesPreviewState,
	press: Press,
	extent: FilesPreviewExtent
): FilesPreviewState {
	const {key} = press;
	const count = extent.lines.length;
	if (count === 0 || key.ctrl || key.meta) return state;
	if (key.leftArrow || (key.tab && key.shift)) return {file: (state.file + count - 1) % count, offset: 0};
	if (key.rightArrow || key.tab) return {file: (state.file + 1) % count, offset: 0};
	const offset = scroll(state.offset, press, extent.rows);
	return offset === undefined ? state : {...state, offset: clampOffset({...state, offset}, extent)};
}

/** The offset that leaves no empty rows below the end of the file. */
export function clampOffset({file, offset}: FilesPreviewState, {lines, rows}: FilesPreviewExtent): number {
	return Math.max(0, Math.min(offset, (lines[file] ?? 0) - rows));
}

function scroll(offset: number, {input, key}: Press, rows: number): number | undefined {
	if (key.upArrow || input === 'k') return offset - 1;
	if (key.downArrow || input === 'j') return offset + 1;
	if (key.pageUp) return offset - rows;
	if (key.pageDown) return offset + rows;
	if (key.home) return 0;
	if (key.end) return Number.MAX_SAFE_INTEGER;
	return undefined;
}
