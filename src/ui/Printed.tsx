import {Box} from 'ink';
import {KernelLog} from '../../components/KernelLog.tsx';
import {Reading} from '../../components/Line.tsx';
import {Receipt as StepReceipt} from '../../components/Receipt.tsx';
import {recordOf} from './notes.ts';
import type {Receipt} from './receipts.ts';

type Props = {readonly receipt: Receipt; readonly ascii: boolean; readonly width: number};

/** One receipt as it stays in the scrollback. */
export function Printed({receipt, ascii, width}: Props) {
	if (receipt.kind === 'read') return <Reading sentences={receipt.lines} />;
	const {id, text, commands, words} = receipt;
	return (
		<Box flexDirection="column">
			<StepReceipt id={id} mark="done" text={text} ascii={ascii} width={width} commands={commands} />
			{words.length > 0 && (
				<KernelLog records={words.map(recordOf)} notes={[]} height={words.length} width={width} ascii={ascii} />
			)}
		</Box>
	);
}
