/** How strongly the piece sounds, as a small landscape; what is over, moments and cues upon it. */
export function drawContour(canvas, contour, share, marks) {
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  const dpr = Math.min(2, devicePixelRatio || 1);
  if (canvas.width !== Math.round(width * dpr)) {
    canvas.width = Math.round(width * dpr);
    canvas.height = Math.round(height * dpr);
  }
  const style = getComputedStyle(document.body);
  const pen = canvas.getContext("2d");
  pen.setTransform(dpr, 0, 0, dpr, 0, 0);
  pen.clearRect(0, 0, width, height);
  const middle = height / 2;
  const step = width / contour.length;
  contour.forEach((value, i) => {
    const tall = Math.max(1.5, value * (height - 16));
    pen.globalAlpha = i * step <= share * width ? 0.9 : 0.28;
    pen.fillStyle = style.getPropertyValue("--ink");
    pen.fillRect(i * step, middle - tall / 2, Math.max(1, step - 1.5), tall);
  });
  pen.globalAlpha = 1;
  pen.font = "13px system-ui, sans-serif";
  pen.textAlign = "center";
  for (const mark of marks) {
    pen.fillStyle = style.getPropertyValue(mark.mine ? "--accent" : "--slate");
    pen.fillText("♥", Math.min(width - 6, Math.max(6, mark.share * width)), 11);
  }
}
