# What the three programs in R share: reading a case, the formula, writing the result.

read_case <- function(folder) {
  case <- jsonlite::read_json(file.path(folder, "case.json"), simplifyVector = TRUE)
  areas <- read.csv(file.path(folder, "areas.csv"), stringsAsFactors = TRUE)
  areas$log_n <- log(areas$people)
  areas$rest <- areas$people - areas$upper
  list(case = case, areas = areas)
}

right_hand_side <- function(case) {
  terms <- c(case$columns, "(1 | gemeente)", "(1 | jeugdzorgregio)")
  if (case$family %in% c("binomial", "poisson")) terms <- c(terms, "(1 | area)")
  paste(terms, collapse = " + ")
}

# Estimates: a data frame with columns name, mean, sd, ess (NA where there are no draws).
write_result <- function(folder, seconds, estimates, ess_min = NA) {
  rows <- lapply(split(estimates[c("mean", "sd", "ess")], estimates$name), as.list)
  jsonlite::write_json(list(seconds = as.list(seconds), estimates = rows, ess_min = ess_min),
    file.path(folder, "result.json"), auto_unbox = TRUE, digits = 10, na = "null")
}

# A maximum-likelihood fit: fixed effects with standard errors, sds without.
likelihood_estimates <- function(fixed, errors, sds) {
  names(fixed)[1] <- "intercept"
  data.frame(name = c(names(fixed), names(sds)), mean = c(fixed, sds), sd = c(errors, rep(NA, length(sds))), ess = NA)
}

group_sds <- function(varcorr, case) {
  names <- c(sd_gemeente = "gemeente", sd_jeugdzorgregio = "jeugdzorgregio")
  if (case$family %in% c("binomial", "poisson")) names <- c(names, sd_area = "area")
  sapply(names, function(name) attr(varcorr[[name]], "stddev")[[1]])
}
