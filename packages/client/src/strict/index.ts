export { strictSocket, type StrictOptions, type StrictProblem } from "./strict-socket.ts";
