import {useWindowSize} from 'ink';

/** The width a component was given, else that of the terminal; never less than one cell. */
export function useWidth(width: number | undefined): number {
	const {columns} = useWindowSize();
	return Math.max(1, width ?? columns);
}
