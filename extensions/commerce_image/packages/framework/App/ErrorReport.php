<?php

declare(strict_types=1);

namespace Magento\Framework\App;

use Magento\Framework\App\Filesystem\DirectoryList;
use Magento\Framework\Exception\FileSystemException;
use Magento\Framework\Filesystem\File;
use Magento\Framework\Logger;
use Throwable;

/**
 * The pages for a store that cannot answer: an error that nobody caught, and maintenance.
 */
class ErrorReport
{
    private const DIRECTORY = '/report';

    public function __construct(
        private readonly DirectoryList $directoryList,
        private readonly File $file,
        private readonly Logger $logger,
    ) {
    }

    /**
     * Logs the error, writes it into var/report, and tells the client the report's number only.
     */
    public function createPage(Throwable $error): Response
    {
        $this->logger->critical($error);
        $number = hash('sha256', random_bytes(16));
        $report = json_encode([Logger::describe($error)], JSON_INVALID_UTF8_SUBSTITUTE);
        try {
            $this->file->write($this->directoryList->getVar() . self::DIRECTORY . "/$number", $report);
        } catch (FileSystemException $fileError) {
            $this->logger->critical($fileError);
        }

        return Response::html(500, 'There has been an error processing your request', <<<HTML
            <p>Exception printing is disabled by default for security reasons.</p>
            <p>Error log record number: $number</p>
            HTML);
    }

    public function createMaintenancePage(): Response
    {
        $text = '<p>The server is temporarily unable to service your request due to maintenance downtime or '
            . 'capacity problems. Please try again later.</p>';

        return Response::html(503, 'Service Temporarily Unavailable', $text);
    }
}
