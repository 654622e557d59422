import "./pages/studio.js";
import { wire as wireSharing } from "./pages/share.js";
import { watchLessons } from "./parts/lessons.js";
import { lightSwitch } from "./parts/light.js";

/** The studio's entrance. */

lightSwitch(document.getElementById("light"));
watchLessons();
wireSharing();
