import {Box, type DOMElement, Text, useInput, useIsScreenReaderEnabled} from 'ink';
import {type ReactNode, useRef} from 'react';
import {cut} from './cells.ts';

import {KeysAllowed} from './use-keys.ts';
import {CursorRow, frameHeight, useResizeRepair} from './use-resize-repair.ts';

const least = {columns: 20, rows: 5};

type Props = {readonly rows: number; readonly columns: number; readonly children: ReactNode};

/**
 * Keeps what is redrawn at most one row lower than the terminal: a taller frame cannot be erased again and fills the
 * scrollback with copies of itself. In a terminal too small to be read, the children keep their state but are neither shown
 * nor given keys.
 */
export function Frame({rows, columns, children}: Props) {
	const frame = useRef<DOMElement>(null);
	const cursorRow = useResizeRepair(frame, rows);
	// While nobody listens, Ink leaves keys in the stream and gives them to whoever listens next: an Enter pressed during a
	// build would answer the question after it.
	useInput(ignore);
	if (useIsScreenReaderEnabled()) return <Box flexDirection="column">{children}</Box>;
	const isTooSmall = columns < least.columns || rows < least.rows;
	const width = Math.max(1, columns);
	const sentence = cut(`Terminal too small: ${least.columns}x${least.rows} needed`, width, true);
	return (
		<Box
			flexDirection="column"
			ref={frame}
			width="100%"
			maxWidth={width}
			maxHeight={frameHeight(rows)}
			overflow="hidden"
		>
			{isTooSmall && <Text wrap="truncate">{sentence}</Text>}
			{/* Without this box the children would be squeezed into the height, rows over rows, instead of cut. */}
			<Box flexDirection="column" flexShrink={0} display={isTooSmall ? 'none' : 'flex'}>
				<KeysAllowed value={!isTooSmall}>
					<CursorRow value={cursorRow}>{children}</CursorRow>
				</KeysAllowed>
			</Box>
		</Box>
	);
}

function ignore(): void {}
