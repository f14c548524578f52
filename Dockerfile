# The program in a container, from this folder: docker build -t bayesmodel . && docker run -v "$PWD:/work" bayesmodel
FROM python:3.13-slim AS build
WORKDIR /source
COPY . .
RUN pip wheel --no-deps --wheel-dir /wheels .

FROM python:3.13-slim
COPY requirements.txt /
COPY --from=build /wheels /wheels
RUN pip install --constraint /requirements.txt "$(echo /wheels/bayesmodel_sae-*.whl)[plots,report,data]"
WORKDIR /work
ENTRYPOINT ["bayesmodel"]
CMD ["example", "--out", "example-results"]
