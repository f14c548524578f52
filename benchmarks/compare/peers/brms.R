# brms on rstan: NUTS. Hidden counts and intervals by cens(); it starts at 0, as its default start dies. Rscript brms.R FOLDER
folder <- commandArgs(TRUE)[1]
begun <- proc.time()[["elapsed"]]
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
source(file.path(here, "shared.R"))
suppressMessages(library(brms))
# where Debian puts Boost; elsewhere it comes with a package
if (!nzchar(system.file("include", package = "BH"))) rstan::rstan_options(boost_lib = "/usr/include")
read <- read_case(folder)
case <- read$case
areas <- read$areas
imported <- proc.time()[["elapsed"]]
# an interval of cens() is open below: lower - 1 < count <= upper
areas$status <- ifelse(areas$lower == areas$upper, "none", ifelse(areas$lower == 0, "left", "interval"))
areas$low <- ifelse(areas$status == "interval", areas$lower - 1, areas$upper)
left <- if (all(areas$status == "none")) "upper" else "low | cens(status, upper)"
if (case$family == "binomial") {
  left <- if (left == "upper") "upper | trials(people)" else "low | cens(status, upper) + trials(people)"
} else {
  left <- paste(left, "~ offset(log_n) +")
}
if (case$family == "binomial") left <- paste(left, "~")
family <- list("binomial" = binomial(), "poisson" = poisson(), "negative-binomial" = negbinomial())[[case$family]]
priors <- c(
  prior_string(sprintf("normal(0, %f)", case$coefficient_sd), class = "b"),
  prior_string(sprintf("normal(%f, %f)", case$intercept_mean, case$intercept_sd), class = "Intercept"),
  prior_string(sprintf("exponential(%f)", case$level_rate), class = "sd")
)
fit <- brm(as.formula(paste(left, right_hand_side(case))), areas, family = family, prior = priors, chains = case$chains,
  iter = case$tune + case$draws, warmup = case$tune, cores = parallel::detectCores(), init = 0, seed = case$seed,
  refresh = 0, silent = 2)
fitted <- proc.time()[["elapsed"]]
saveRDS(fit, file.path(folder, "fit.rds"))
saved <- proc.time()[["elapsed"]]
draws <- posterior::as_draws_array(fit)
if ("shape" %in% posterior::variables(draws)) draws <- posterior::mutate_variables(draws, dispersion = 1 / sqrt(shape))
found <- posterior::summarise_draws(draws, "mean", "sd", "ess_bulk")
names <- c(b_Intercept = "intercept", setNames(case$columns, paste0("b_", case$columns)),
  sd_gemeente__Intercept = "sd_gemeente", sd_jeugdzorgregio__Intercept = "sd_jeugdzorgregio",
  sd_area__Intercept = "sd_area", dispersion = "dispersion")
kept <- found[found$variable %in% names(names), ]
estimates <- data.frame(name = unname(names[kept$variable]), mean = kept$mean, sd = kept$sd, ess = kept$ess_bulk)
effects <- found$ess_bulk[grepl("^r_(gemeente|jeugdzorgregio)", found$variable)]
write_result(folder, c(import = imported - begun, fit = fitted - imported, save = saved - fitted), estimates,
  min(estimates$ess, effects))
