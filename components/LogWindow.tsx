import {Box, Text, useIsScreenReaderEnabled} from 'ink';
import {cut} from './cells.ts';
import {type Tail, useTail} from './tail.ts';

type Props = {
	readonly tail: Tail;
	readonly height: number;
	readonly width: number;
	readonly ascii?: boolean;
};

/** The end of an output in exactly `height` rows. A screen reader hears the last line, every two seconds at most. */
export function LogWindow({tail, height, width, ascii = false}: Props) {
	const isRead = useIsScreenReaderEnabled();
	const lines = useTail(tail, isRead ? 1 : height, isRead ? 2000 : 33);
	if (isRead) return <Text>{`log, line ${tail.total}: ${lines.at(-1) ?? ''}`}</Text>;
	const indent = width >= 20 ? '     ' : '';
	const rows = lines.map(line => cut(indent + line, Math.max(1, width), ascii) || ' ');
	return (
		<Box flexShrink={0} height={height} width="100%" maxWidth={Math.max(1, width)} overflow="hidden">
			<Text dimColor wrap="truncate">
				{rows.join('\n')}
			</Text>
		</Box>
	);
}
