import {useIsScreenReaderEnabled} from 'ink';
import {Lines, Reading, type Row, rowText} from './Line.tsx';
import {useKeys} from './use-keys.ts';
import {useWidgetState} from './use-widget-state.ts';

type Props = {
	readonly rows: readonly Row[];
	/** Rows to use at most; with more, the last one says which are shown. */
	readonly height: number;
	readonly width: number;
	readonly ascii?: boolean;
};

/** Rows to read: ↑ ↓ Page Up, Page Down, Space, Home and End move where they do not all fit. */
export function Scroll({rows, height, width, ascii = false}: Props) {
	const isCut = rows.length > height;
	const shown = isCut ? Math.max(1, height - 1) : rows.length;
	const last = rows.length - shown;
	const [offset, update] = useWidgetState(() => 0);
	useKeys((input, key) => {
		const by = key.home
			? -rows.length
			: key.end
				? rows.length
				: key.pageDown || input === ' '
					? shown
					: key.pageUp
						? -shown
						: key.downArrow || input === 'j'
							? 1
							: key.upArrow || input === 'k'
								? -1
								: 0;
		update(current => Math.max(0, Math.min(last, current + by)));
	});
	if (useIsScreenReaderEnabled()) {
		return <Reading sentences={rows.map(row => rowText(row).trim()).filter(text => text !== '')} />;
	}
	const first = Math.max(0, Math.min(last, offset));
	const position: Row = [{text: ` lines ${first + 1} to ${first + shown} of ${rows.length}`, dim: true}];
	const visible = rows.slice(first, first + shown);
	return <Lines rows={isCut && height > 1 ? [...visible, position] : visible} width={width} ascii={ascii} />;
}
