import {Box, Text, useIsScreenReaderEnabled} from 'ink';
import {cut} from './cells.ts';
import {Reading} from './Line.tsx';
import {type Tail, useTail} from './tail.ts';

type Props = {
	readonly tail: Tail;
	readonly height: number;
	readonly width: number;
	readonly ascii?: boolean;
};

/** The end of an output in at most `height` rows. For a screen reader, the lines there are now: what moves cannot be listened to. */
export function LogWindow({tail, height, width, ascii = false}: Props) {
	const isRead = useIsScreenReaderEnabled();
	const lines = useTail(tail, height, isRead ? Number.POSITIVE_INFINITY : 33);
	if (isRead) return <Reading sentences={lines} />;
	const indent = width >= 20 ? '     ' : '';
	const rows = lines.map(line => cut(indent + line, Math.max(1, width), ascii) || ' ');
	if (rows.length === 0) return undefined;
	return (
		<Box flexShrink={0} height={rows.length} width="100%" maxWidth={Math.max(1, width)} overflow="hidden">
			<Text dimColor wrap="truncate">
				{rows.join('\n')}
			</Text>
		</Box>
	);
}
