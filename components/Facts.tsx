import {useIsScreenReaderEnabled} from 'ink';
import {cellWidth, pad, wrap} from './cells.ts';
import {Lines, Reading, type Row} from './Line.tsx';
import {useWidth} from './use-width.ts';

/** A row without a label is a sentence of its own. What is dangerous says so in its words, and is red besides. */
export type Fact = {readonly label: string; readonly value: string; readonly danger?: boolean};

type Props = {
	readonly rows: readonly Fact[];
	/** Cells to use; the whole terminal unless told. */
	readonly width?: number;
	readonly ascii?: boolean;
};

/** Labels and values in two columns; where the second would be too narrow, one below the other. */
export function Facts({rows, width, ascii = false}: Props) {
	const cells = useWidth(width);
	if (useIsScreenReaderEnabled()) {
		return <Reading sentences={rows.map(({label, value}) => (label === '' ? value : `${label}: ${value}`))} />;
	}
	return <Lines rows={factRows(rows, cells)} width={cells} ascii={ascii} />;
}

/** The rows of `facts` in `width` cells; exported so that a screen can tell how high they get. */
export function factRows(facts: readonly Fact[], width: number): readonly Row[] {
	const margin = width >= 60 ? 3 : width >= 20 ? 1 : 0;
	const indent = ' '.repeat(margin);
	const column = Math.max(0, ...facts.map(({label}) => cellWidth(label))) + (width >= 60 ? 2 : 1);
	const room = width - margin - column;
	return facts.flatMap(({label, value, danger = false}): readonly Row[] => {
		const style = danger ? {color: 'red'} : {};
		if (label === '') return wrap(value, width - margin).map(line => [{text: indent + line, ...style}]);
		if (room < 12) return wrap(`${label}: ${value}`, width - margin, 2).map(line => [{text: indent + line, ...style}]);
		return wrap(value, room).map((line, index) => [
			{text: indent + pad(index === 0 ? label : '', column), dim: true},
			{text: line, ...style}
		]);
	});
}
