import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { routeAt } from "./frame/routes.ts";
import { loginStore } from "./session/login-store.ts";
import { followTheme } from "./settings/theme.ts";
import "./styles.css";

followTheme();
if (loginStore.get() !== undefined) routeAt(location.pathname)?.fetch();
const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(<App />);
