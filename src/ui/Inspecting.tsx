import {Box, Text} from 'ink';
import {Spinner} from '../../components/Spinner.tsx';
import type {ScreenProps} from './App.tsx';

/** While the machine is looked at: well under a second. */
export function Inspecting({ascii, practice}: ScreenProps) {
	return (
		<Box>
			<Text> </Text>
			<Spinner ascii={ascii} />
			<Text>{` looking at ${practice === undefined ? 'this machine' : 'the practice VM'}`}</Text>
		</Box>
	);
}
