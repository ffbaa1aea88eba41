<?php

declare(strict_types=1);

namespace Magento\Webapi\Controller\Rest;

use Magento\Framework\App\Response;
use Magento\Framework\Exception\AuthenticationException;
use Magento\Framework\Exception\AuthorizationException;
use Magento\Framework\Exception\InputException;
use Magento\Framework\Exception\LocalizedException;
use Magento\Framework\Exception\NoSuchEntityException;
use Magento\Framework\Logger;
use Throwable;

/**
 * What a client is told of an error: all of one that is meant for it, of any other a number to look up in the log.
 */
class ErrorProcessor
{
    public function __construct(private readonly Logger $logger)
    {
    }

    public function process(Throwable $error): Response
    {
        if (!$error instanceof LocalizedException) {
            return $this->mask($error);
        }
        $status = match (true) {
            $error instanceof AuthenticationException, $error instanceof AuthorizationException => 401,
            $error instanceof NoSuchEntityException => 404,
            default => 400,
        };
        $body = $this->describe($error);
        if ($error instanceof InputException && $error->getErrors() !== []) {
            $body['errors'] = array_map($this->describe(...), $error->getErrors());
        }

        return Response::json($status, $body);
    }

    /**
     * @return array{message: string, parameters?: array<string|int, string>}
     */
    private function describe(LocalizedException $error): array
    {
        $parameters = $error->getParameters();

        return ['message' => $error->getRawMessage()] + ($parameters === [] ? [] : ['parameters' => $parameters]);
    }

    private function mask(Throwable $error): Response
    {
        $this->logger->critical($error);
        $report = uniqid('webapi-');

        return Response::json(500, [
            'message' => "Internal Error. Details are available in Magento log file. Report ID: $report",
        ]);
    }
}
